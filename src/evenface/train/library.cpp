#include "evenface/train/library.h"

namespace evenface::train {

extern "C" const Train evenface_train = train;

}  // namespace evenface::train
