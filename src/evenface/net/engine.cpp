#include "evenface/net/engine.h"

#include <algorithm>

#include <openvino/op/add.hpp>
#include <openvino/op/batch_norm.hpp>
#include <openvino/op/clamp.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/convolution.hpp>
#include <openvino/op/group_conv.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/op/max_pool.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/reduce_mean.hpp>
#include <openvino/op/relu.hpp>
#include <openvino/runtime/core.hpp>

#include "evenface/core/error.h"

namespace evenface::net {
namespace {

using Value = ov::Output<ov::Node>;

ov::Shape shape_of(const std::vector<std::int64_t>& shape) { return {shape.begin(), shape.end()}; }

/// Copies the values: a constant that shared them would change when they do.
Value constant(const Weights& weights, const std::string& name) {
  const Tensor& tensor = weights.tensors.at(name);
  return ov::op::v0::Constant::create(ov::element::f32, shape_of(tensor.shape), tensor.reals());
}

Value convolution(const Node& node, const Value& x, const Weights& weights) {
  const Window& window = node.window;
  const auto pad = static_cast<std::ptrdiff_t>(window.pad);
  const auto stride = static_cast<std::size_t>(window.stride);
  const ov::CoordinateDiff pads{pad, pad};
  const auto kind = window.padding == Padding::kSame ? ov::op::PadType::SAME_UPPER : ov::op::PadType::EXPLICIT;
  if (node.groups == 1)
    return std::make_shared<ov::op::v1::Convolution>(x, constant(weights, node.name + ".weight"),
                                                     ov::Strides{stride, stride}, pads, pads, ov::Strides{1, 1}, kind);
  // OpenVINO wants the kernels as groups x out/group x in/group x h x w.
  const Tensor& kernel = weights.tensors.at(node.name + ".weight");
  ov::Shape grouped = shape_of(kernel.shape);
  grouped[0] /= static_cast<std::size_t>(node.groups);
  grouped.insert(grouped.begin(), static_cast<std::size_t>(node.groups));
  const auto kernels = ov::op::v0::Constant::create(ov::element::f32, grouped, kernel.reals());
  return std::make_shared<ov::op::v1::GroupConvolution>(x, kernels, ov::Strides{stride, stride}, pads, pads,
                                                        ov::Strides{1, 1}, kind);
}

Value max_pool(const Node& node, const Value& x) {
  const auto size = static_cast<std::size_t>(node.window.size), stride = static_cast<std::size_t>(node.window.stride),
             pad = static_cast<std::size_t>(node.window.pad);
  return std::make_shared<ov::op::v1::MaxPool>(x, ov::Strides{stride, stride}, ov::Shape{pad, pad}, ov::Shape{pad, pad},
                                               ov::Shape{size, size});
}

Value linear(const Node& node, const Value& x, const Weights& weights) {
  const Value weight = constant(weights, node.name + ".weight"), bias = constant(weights, node.name + ".bias");
  return std::make_shared<ov::op::v1::Add>(std::make_shared<ov::op::v0::MatMul>(x, weight, false, true), bias);
}

Value built(const Node& node, const std::vector<Value>& values, const Weights& weights) {
  const Value& x = values[static_cast<std::size_t>(node.inputs[0])];
  const auto own = [&](const char* part) { return constant(weights, node.name + part); };
  switch (node.op) {
    case Op::kConv:
      return convolution(node, x, weights);
    case Op::kBatchNorm:
      return std::make_shared<ov::op::v5::BatchNormInference>(x, own(".weight"), own(".bias"), own(".running_mean"),
                                                              own(".running_var"), node.epsilon);
    case Op::kRelu:
      return std::make_shared<ov::op::v0::Relu>(x);
    case Op::kRelu6:
      return std::make_shared<ov::op::v0::Clamp>(x, 0.0, 6.0);
    case Op::kAdd:
      return std::make_shared<ov::op::v1::Add>(x, values[static_cast<std::size_t>(node.inputs[1])]);
    case Op::kMaxPool:
      return max_pool(node, x);
    case Op::kGlobalMean:
      return std::make_shared<ov::op::v1::ReduceMean>(
          x, ov::op::v0::Constant::create(ov::element::i64, {2}, std::vector<std::int64_t>{2, 3}), false);
    case Op::kLinear:
      return linear(node, x, weights);
    case Op::kInput:
      break;
  }
  throw InternalError("the input node is not built");
}

std::shared_ptr<ov::Model> model_of(const Graph& graph, const Weights& weights, int wanted, std::int64_t image_px) {
  const auto pictures =
      std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{-1, 3, image_px, image_px});
  std::vector<Value> values{pictures};
  for (int i = 1; i <= wanted; ++i) values.push_back(built(graph.node(i), values, weights));
  return std::make_shared<ov::Model>(ov::OutputVector{values.back()}, ov::ParameterVector{pictures},
                                     graph.architecture);
}

}  // namespace

Precision precision_named(const std::string& name) {
  if (name == "f32") return Precision::kF32;
  if (name == "bf16") return Precision::kBf16;
  throw InputError({.file = {}, .at = name, .found = "no such precision", .expected = "f32 or bf16", .remedy = {}});
}

struct Engine::State {
  ov::Core core;
  ov::CompiledModel model;
  ov::InferRequest request;
  std::size_t px;
};

Engine::Engine(const Graph& graph, const Weights& weights, int node, const EngineOptions& options)
    : state_(std::make_unique<State>()) {
  require(options.image_px >= 32, "pictures of at least 32 px are needed", options.image_px);
  check_fit(graph, weights, {});
  const auto precision = options.precision == Precision::kBf16 ? ov::element::bf16 : ov::element::f32;
  state_->px = static_cast<std::size_t>(options.image_px);
  state_->model = state_->core.compile_model(model_of(graph, weights, node, options.image_px), "CPU",
                                             ov::hint::inference_precision(precision),
                                             ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY),
                                             ov::num_streams(1), ov::inference_num_threads(options.threads),
                                             // pinned, the engines of several threads would share one processor
                                             ov::hint::enable_cpu_pinning(false));
  state_->request = state_->model.create_infer_request();
}

Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

std::int64_t Engine::width() const {
  const ov::PartialShape shape = state_->model.output().get_partial_shape();
  std::int64_t values = 1;
  for (std::size_t axis = 1; axis < shape.size(); ++axis) values *= shape[axis].get_length();
  return values;
}

std::vector<float> Engine::run(std::span<const float> pictures, std::int64_t batch) {
  const std::size_t px = state_->px;
  ensure(batch > 0 && pictures.size() == static_cast<std::size_t>(batch) * 3 * px * px,
         "an engine gets batch x 3 x px x px values");
  // OpenVINO's tensor views take no pointer to const; the input is not written to.
  const ov::Tensor view(ov::element::f32, {static_cast<std::size_t>(batch), 3, px, px},
                        const_cast<float*>(pictures.data()));
  state_->request.set_input_tensor(view);
  state_->request.infer();
  const ov::Tensor output = state_->request.get_output_tensor();
  return {output.data<const float>(), output.data<const float>() + output.get_size()};
}

}  // namespace evenface::net
