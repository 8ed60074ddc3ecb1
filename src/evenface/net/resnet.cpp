#include "evenface/net/architectures.h"
#include "evenface/net/builder.h"

namespace evenface::net {
namespace {

constexpr double kEpsilon = 1e-5;

int conv_norm(Builder& net, int from, const std::string& conv, const std::string& norm, std::int64_t channels,
              Window window) {
  return net.batch_norm(net.conv(from, conv, channels, window), norm, kEpsilon);
}

/// Two 3x3 convolutions beside a shortcut, which is a 1x1 convolution where the shape changes.
int basic_block(Builder& net, int from, const std::string& name, std::int64_t channels, std::int64_t stride) {
  int x = conv_norm(net, from, name + ".conv1", name + ".bn1", channels, {.size = 3, .stride = stride, .pad = 1});
  x = net.activation(x, Op::kRelu, name + ".relu1");
  x = conv_norm(net, x, name + ".conv2", name + ".bn2", channels, {.size = 3, .stride = 1, .pad = 1});
  int shortcut = from;
  if (stride != 1 || net.channels(from) != channels)
    shortcut =
        conv_norm(net, from, name + ".downsample.0", name + ".downsample.1", channels, {.size = 1, .stride = stride});
  return net.activation(net.add(x, shortcut, name + ".add"), Op::kRelu, name + ".relu2");
}

}  // namespace

Graph resnet18(std::int64_t classes) {
  Builder net("resnet18", 224, {{0.485f, 0.456f, 0.406f}, {0.229f, 0.224f, 0.225f}});
  int x = conv_norm(net, net.input(), "conv1", "bn1", 64, {.size = 7, .stride = 2, .pad = 3});
  x = net.activation(x, Op::kRelu, "relu");
  x = net.max_pool(x, "maxpool", {.size = 3, .stride = 2, .pad = 1});
  net.end_stage("stem");

  for (int layer = 1; layer <= 4; ++layer) {
    const std::string name = "layer" + std::to_string(layer);
    const std::int64_t channels = std::int64_t{32} << layer;
    x = basic_block(net, x, name + ".0", channels, layer == 1 ? 1 : 2);
    x = basic_block(net, x, name + ".1", channels, 1);
    if (layer == 4) net.features(x);
    net.end_stage(name);
  }
  return net.finish("fc", classes);
}

}  // namespace evenface::net
