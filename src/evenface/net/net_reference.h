#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "evenface/net/graph.h"
#include "evenface/net/weights.h"

/// For tests: numbers of the reference libraries and the formula that made their
/// weights and pictures (tests/reference/make_net_reference.py).
namespace evenface::net::reference {

/// tests/reference/net.json.
const nlohmann::json& numbers();

/// `count` numbers in [0, 1), addressed by name: FNV-1a of the name, then SplitMix64.
std::vector<double> uniform(const std::string& name, std::size_t count);

/// The formula's value of every parameter of the graph.
Weights weights_of(const Graph& graph);

/// The formula's pictures, batch x 3 x px x px.
std::vector<float> pictures(std::int64_t batch, std::int64_t px);

/// Every step-th column of rows x width values.
std::vector<float> every(const std::vector<float>& values, std::int64_t width, std::int64_t step);

/// The largest absolute difference; infinite when the sizes differ.
double largest_difference(const std::vector<float>& found, const nlohmann::json& expected);

}  // namespace evenface::net::reference
