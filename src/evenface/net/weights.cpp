#include "evenface/net/weights.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"

namespace evenface::net {
namespace fs = std::filesystem;
namespace {

std::int64_t count_of(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) count *= extent;
  return count;
}

/// The first few names and how many more there are.
std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 5;
  if (names.size() <= kShown) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + kShown, ", "), names.size() - kShown);
}

/// What keeps weights from fitting a list of parameters, as phrases.
struct Misfit {
  std::vector<std::string> missing, unexpected, misshapen;
  bool any() const { return !(missing.empty() && unexpected.empty() && misshapen.empty()); }
};

bool fits(const Parameter& parameter, const Tensor& tensor) {
  const bool integers = std::holds_alternative<std::vector<std::int64_t>>(tensor.values);
  return tensor.shape == parameter.shape && integers == (parameter.kind == Parameter::Kind::kCount);
}

std::string misshapen(const Parameter& parameter, const Tensor& tensor) {
  return fmt::format("{} is [{}], not [{}]", parameter.name, fmt::join(tensor.shape, ", "),
                     fmt::join(parameter.shape, ", "));
}

Misfit misfit_of(const std::vector<Parameter>& parameters, const Weights& weights) {
  Misfit misfit;
  std::map<std::string, bool> known;
  for (const Parameter& parameter : parameters) {
    known[parameter.name] = true;
    const auto found = weights.tensors.find(parameter.name);
    if (found == weights.tensors.end()) {
      if (parameter.kind != Parameter::Kind::kCount) misfit.missing.push_back(parameter.name);
    } else if (!fits(parameter, found->second)) {
      misfit.misshapen.push_back(misshapen(parameter, found->second));
    }
  }
  for (const auto& [name, tensor] : weights.tensors)
    if (!known.contains(name)) misfit.unexpected.push_back(name);
  return misfit;
}

void refuse(const Graph& graph, const Misfit& misfit, const std::string& file) {
  std::vector<std::string> parts;
  if (!misfit.missing.empty()) parts.push_back("missing: " + listed(misfit.missing));
  if (!misfit.unexpected.empty()) parts.push_back("unexpected: " + listed(misfit.unexpected));
  if (!misfit.misshapen.empty()) parts.push_back("of another shape: " + listed(misfit.misshapen));
  throw InputError(
      {.file = file,
       .at = {},
       .found = fmt::format("these are not the weights of this {}; {}", graph.architecture, fmt::join(parts, "; ")),
       .expected = fmt::format("the parameter names and shapes of {}", graph.architecture),
       .remedy = fmt::format("convert published weights with: python -m evenface.weights convert "
                             "<file.pth> --architecture {} -o <file.safetensors>",
                             graph.architecture)});
}

Tensor initial_value(const Parameter& parameter, const Node& node, std::uint64_t seed) {
  if (parameter.kind == Parameter::Kind::kCount) return {parameter.shape, std::vector<std::int64_t>(1, 0)};
  const auto count = static_cast<std::size_t>(count_of(parameter.shape));
  const bool scale = parameter.name.ends_with(".weight"), variance = parameter.name.ends_with(".running_var");
  if (node.op == Op::kBatchNorm) return {parameter.shape, std::vector<float>(count, scale || variance ? 1.0f : 0.0f)};

  Stream stream(seed, "initial weights", {key_of(parameter.name)});
  std::vector<float> values(count);
  if (node.op == Op::kConv) {
    const double fan_out = static_cast<double>(parameter.shape[0] * parameter.shape[2] * parameter.shape[3]) /
                           static_cast<double>(node.groups);
    for (float& value : values) value = static_cast<float>(stream.normal() * std::sqrt(2.0 / fan_out));
  } else if (scale) {
    const double bound = 1.0 / std::sqrt(static_cast<double>(parameter.shape[1]));
    for (float& value : values) value = static_cast<float>(stream.uniform(-bound, bound));
  }
  return {parameter.shape, std::move(values)};
}

std::vector<fs::path> model_folders() {
  std::vector<fs::path> folders;
  if (const char* given = std::getenv("EVENFACE_MODELS"); given != nullptr && *given != '\0')
    folders.emplace_back(given);
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  if (!error)
    for (const fs::path& base : {program, program.parent_path(), program.parent_path().parent_path()})
      folders.push_back(base / "models");
  return folders;
}

}  // namespace

void check_fit(const Graph& graph, const Weights& weights, const std::string& file) {
  const Misfit misfit = misfit_of(parameters_of(graph), weights);
  if (misfit.any()) refuse(graph, misfit, file);
}

Weights initial_weights(const Graph& graph, std::uint64_t seed) {
  Weights weights;
  for (const Parameter& parameter : parameters_of(graph))
    weights.tensors[parameter.name] = initial_value(parameter, graph.node(parameter.node), seed);
  return weights;
}

Weights backbone_weights(const Graph& graph, const Weights& published, std::uint64_t seed, const std::string& file) {
  Weights weights{.tensors = {}, .metadata = published.metadata};
  Misfit misfit;
  for (const Parameter& parameter : parameters_of(graph)) {
    const auto found = published.tensors.find(parameter.name);
    const bool optional = parameter.node > graph.feature_node || parameter.kind == Parameter::Kind::kCount;
    if (found == published.tensors.end() && !optional) misfit.missing.push_back(parameter.name);
    else if (found == published.tensors.end())
      weights.tensors[parameter.name] = initial_value(parameter, graph.node(parameter.node), seed);
    else if (fits(parameter, found->second)) weights.tensors[parameter.name] = found->second;
    else misfit.misshapen.push_back(misshapen(parameter, found->second));
  }
  if (misfit.any()) refuse(graph, misfit, file);
  return weights;
}

fs::path find_weights(const std::string& architecture) {
  const std::string name = architecture + ".safetensors";
  std::vector<std::string> looked;
  for (const fs::path& folder : model_folders()) {
    if (fs::exists(folder / name)) return folder / name;
    looked.push_back(folder.string());
  }
  const bool packaged = architecture == "efficientnet_lite0";
  throw InputError({.file = name,
                    .at = {},
                    .found = fmt::format("not found in {}", fmt::join(looked, ", ")),
                    .expected = fmt::format("the weights of {} as a safetensors file", architecture),
                    .remedy = fmt::format("make it with: python -m evenface.weights convert {}--architecture {} -o {}; "
                                          "or name its folder in the environment variable EVENFACE_MODELS",
                                          packaged ? "" : architecture + ".pth ", architecture,
                                          (fs::path(looked.back()) / name).string())});
}

}  // namespace evenface::net
