#include "evenface/net/weights_torch.h"

#include <cstring>

#include <ATen/ops/empty.h>

namespace evenface::net {

at::Tensor to_torch(const Tensor& tensor) {
  return std::visit(
      [&](const auto& values) {
        using Value = std::decay_t<decltype(values[0])>;
        at::Tensor copy = at::empty(tensor.shape, at::TensorOptions(c10::CppTypeToScalarType<Value>::value));
        std::memcpy(copy.mutable_data_ptr(), values.data(), values.size() * sizeof(Value));
        return copy;
      },
      tensor.values);
}

Tensor from_torch(const at::Tensor& tensor) {
  const bool real = tensor.is_floating_point();
  const at::Tensor plain = tensor.detach().to(at::kCPU, real ? at::kFloat : at::kLong).contiguous();
  Tensor copy{tensor.sizes().vec(), {}};
  if (real)
    copy.values = std::vector<float>(plain.const_data_ptr<float>(), plain.const_data_ptr<float>() + plain.numel());
  else
    copy.values = std::vector<std::int64_t>(plain.const_data_ptr<std::int64_t>(),
                                            plain.const_data_ptr<std::int64_t>() + plain.numel());
  return copy;
}

}  // namespace evenface::net
