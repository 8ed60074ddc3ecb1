#include <fmt/format.h>

#include "evenface/cli/command.h"
#include "evenface/core/version.h"

namespace evenface::cli {
namespace {

struct VersionOptions {
  template <class V>
  static void fields(V&) {}
};

int run(const VersionOptions&, const Shell& shell) {
  if (shell.json) fmt::print("{{\"version\": \"{}\"}}\n", kVersion);
  else fmt::print("evenface {}\n", kVersion);
  return 0;
}

}  // namespace

Command version_command() {
  return make_command<VersionOptions>("version", "Print the version", "evenface version", {}, {}, run);
}

}  // namespace evenface::cli
