#include "evenface/net/architectures.h"

#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evenface/core/error.h"

namespace evenface::net {
namespace {

const std::map<std::string, Graph (*)(std::int64_t)>& builders() {
  static const std::map<std::string, Graph (*)(std::int64_t)> known = {{"efficientnet_lite0", efficientnet_lite0},
                                                                       {"resnet18", resnet18}};
  return known;
}

}  // namespace

std::vector<std::string> architectures() {
  std::vector<std::string> names;
  for (const auto& [name, builder] : builders()) names.push_back(name);
  return names;
}

Graph graph_named(const std::string& architecture, std::int64_t classes) {
  const auto found = builders().find(architecture);
  if (found != builders().end()) return found->second(classes);
  throw InputError({.file = {},
                    .at = architecture,
                    .found = "no such network",
                    .expected = fmt::format("one of {}", fmt::join(architectures(), ", ")),
                    .remedy = {}});
}

}  // namespace evenface::net
