#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "evenface/net/graph.h"
#include "evenface/net/weights.h"

namespace evenface::net {

/// What an engine computes in. kBf16 is faster where the processor has it and
/// errs by about 1 % of the logits' SD; it never stands in anything stored unless asked for.
enum class Precision { kF32, kBf16 };

/// "f32" or "bf16". Throws InputError for any other text.
Precision precision_named(const std::string& name);

struct EngineOptions {
  std::int64_t image_px = 224;
  Precision precision = Precision::kF32;
  int threads = 1;
};

/// The fast form of a graph for a processor, by OpenVINO. It owns copies of the weights.
/// Calls are synchronous; one engine serves one thread at a time. Under a
/// sanitizer its TBB needs TBB_ENABLE_SANITIZERS=1 in the environment.
class Engine {
 public:
  /// Computes the output of `node`: features (graph.feature_node), logits, or what enters a stage.
  /// Throws InputError (check_fit) when the weights are not those of the graph.
  Engine(const Graph& graph, const Weights& weights, int node, const EngineOptions& options);
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  /// Values per picture of the output: classes or features, or channels x height x width.
  std::int64_t width() const;

  /// Normalised pictures, batch x 3 x px x px, to batch x width. Any batch size > 0;
  /// a picture's result does not depend on the others in its batch beyond rounding.
  std::vector<float> run(std::span<const float> pictures, std::int64_t batch);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace evenface::net
