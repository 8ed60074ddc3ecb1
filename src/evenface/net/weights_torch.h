#pragma once
#include <ATen/core/Tensor.h>

#include "evenface/net/weights.h"

namespace evenface::net {

/// A contiguous CPU tensor (float or int64) that owns a copy of the values.
at::Tensor to_torch(const Tensor& tensor);

/// A copy of the values in row-major order, from any device or layout. Integers
/// become int64, reals float.
Tensor from_torch(const at::Tensor& tensor);

}  // namespace evenface::net
