#pragma once
#include <string_view>

namespace evenface::cli {

/// recipes/demo.toml, as it was when the program was built.
std::string_view demo_recipe();

}  // namespace evenface::cli
