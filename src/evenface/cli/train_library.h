#pragma once
#include "evenface/train/train.h"

namespace evenface::cli {

/// train::train from the library that stands beside the program, loaded at the first call. Throws InputError when it
/// can't be loaded.
train::TrainSummary train_by_library(const train::TrainOptions& options, const Context& context);

}  // namespace evenface::cli
