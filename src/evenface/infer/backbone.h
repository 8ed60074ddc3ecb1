#pragma once
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <vector>

#include "evenface/infer/features.h"
#include "evenface/net/engine.h"
#include "evenface/net/graph.h"

namespace evenface::infer {

/// A frozen network as the options describe it, and single-threaded engines of it for
/// whoever needs one. Engines of one thread each use the processors better than
/// one engine of many, and their values do not depend on the thread count.
class Backbone {
 public:
  /// Throws InputError when there is no such network, stage or weights file.
  explicit Backbone(const FeatureOptions& options);

  /// Lends an engine to `use`; safe to call from several threads.
  template <class Use>
  void with_engine(Use use) {
    net::Engine engine = taken();
    use(engine);
    const std::lock_guard lock(guard_);
    idle_.push_back(std::move(engine));
  }

  /// Values per picture.
  std::int64_t width();

  const net::Graph graph;
  const int node;  ///< whose output the engines compute: the features, or what enters a stage
  const std::filesystem::path file;

 private:
  net::Engine taken();
  const net::Weights& weights();

  net::EngineOptions options_;
  std::mutex guard_;
  std::optional<net::Weights> weights_;
  std::vector<net::Engine> idle_;
};

}  // namespace evenface::infer
