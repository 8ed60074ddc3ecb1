#include "evenface/net/net_reference.h"

#include <cmath>
#include <fstream>
#include <limits>

namespace evenface::net::reference {
namespace {

Tensor value_of(const Parameter& parameter) {
  if (parameter.kind == Parameter::Kind::kCount) return {parameter.shape, std::vector<std::int64_t>{0}};
  std::size_t count = 1;
  for (const std::int64_t extent : parameter.shape) count *= static_cast<std::size_t>(extent);
  const double fan_in = static_cast<double>(count) / static_cast<double>(parameter.shape[0]);
  const bool spread = parameter.name.ends_with(".weight") || parameter.name.ends_with(".running_var");
  std::vector<float> values;
  for (const double u : uniform(parameter.name, count)) {
    double value = 0.4 * u - 0.2;
    if (parameter.shape.size() == 4) value = (2 * u - 1) * std::sqrt(3.5 / fan_in);
    else if (parameter.shape.size() == 2) value = (2 * u - 1) * std::sqrt(3 / fan_in);
    else if (spread) value = 0.5 + u;
    values.push_back(static_cast<float>(value));
  }
  return {parameter.shape, std::move(values)};
}

}  // namespace

const nlohmann::json& numbers() {
  static const auto all = nlohmann::json::parse(std::ifstream(EVENFACE_SOURCE "/tests/reference/net.json"));
  return all;
}

std::vector<double> uniform(const std::string& name, std::size_t count) {
  std::uint64_t key = 0xcbf29ce484222325;
  for (const char byte : name) key = (key ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t x = key + (i + 1) * 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    x ^= x >> 31;
    values[i] = static_cast<double>(x >> 11) * 0x1p-53;
  }
  return values;
}

Weights weights_of(const Graph& graph) {
  Weights weights;
  for (const Parameter& parameter : parameters_of(graph)) weights.tensors[parameter.name] = value_of(parameter);
  return weights;
}

std::vector<float> pictures(std::int64_t batch, std::int64_t px) {
  std::vector<float> values;
  for (const double u : uniform("pictures", static_cast<std::size_t>(batch * 3 * px * px)))
    values.push_back(static_cast<float>(4 * u - 2));
  return values;
}

std::vector<float> every(const std::vector<float>& values, std::int64_t width, std::int64_t step) {
  std::vector<float> kept;
  for (std::size_t row = 0; row < values.size(); row += static_cast<std::size_t>(width))
    for (std::int64_t column = 0; column < width; column += step)
      kept.push_back(values[row + static_cast<std::size_t>(column)]);
  return kept;
}

double largest_difference(const std::vector<float>& found, const nlohmann::json& expected) {
  if (found.size() != expected.size()) return std::numeric_limits<double>::infinity();
  double largest = 0;
  for (std::size_t i = 0; i < found.size(); ++i)
    largest = std::max(largest, std::abs(static_cast<double>(found[i]) - expected[i].get<double>()));
  return largest;
}

}  // namespace evenface::net::reference
