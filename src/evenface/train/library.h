#pragma once
#include "evenface/train/train.h"

// What trains, as a shared library of its own: loading torch takes a third of a second, and no other command needs it.
namespace evenface::train {

using Train = TrainSummary (*)(const TrainOptions&, const Context&);

/// train() under a name by which a loaded library is asked for it.
extern "C" const Train evenface_train;

inline constexpr const char *kLibrary = "libevenface_train.so", *kTrainInLibrary = "evenface_train";

}  // namespace evenface::train
