#pragma once
#include <filesystem>
#include <string>

#include "evenface/cli/recipe.h"

namespace evenface::cli {

/// What a finished stage was made from: its command, code version, options and the state of the files that its
/// options name, as JSON text. Files are known by size and time of change, folders by those of all they hold.
std::string stamp_of(const Stage& stage);

/// Where the stamp of a finished stage lies: beside its output, or empty when the stage writes none.
std::filesystem::path stamp_path(const Stage& stage);

}  // namespace evenface::cli
