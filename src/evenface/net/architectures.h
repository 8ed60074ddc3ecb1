#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "evenface/net/graph.h"

namespace evenface::net {

/// ResNet-18 (He et al. 2016) with torchvision's parameter names. Features: 512.
Graph resnet18(std::int64_t classes = 1000);

/// EfficientNet-Lite0 with the parameter names of timm's `tf_efficientnet_lite0`:
/// SAME padding, ReLU6, no squeeze-and-excitation, batch norm epsilon 1e-3. Features: 1280.
Graph efficientnet_lite0(std::int64_t classes = 1000);

/// The names that graph_named() knows, sorted.
std::vector<std::string> architectures();

/// The network of that name. Throws InputError that lists the names there are.
Graph graph_named(const std::string& architecture, std::int64_t classes = 1000);

}  // namespace evenface::net
