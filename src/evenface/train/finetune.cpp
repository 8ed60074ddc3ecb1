#include "evenface/train/finetune.h"

#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>

#include "evenface/core/error.h"
#include "evenface/net/architectures.h"
#include "evenface/net/module.h"
#include "evenface/train/frozen_stages.h"

namespace evenface::train {
namespace {

/// Matrix products and convolutions in bf16 while it lives.
class Autocast {
 public:
  explicit Autocast(bool on) : on_(on) {
    if (!on_) return;
    at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
    at::autocast::set_autocast_enabled(at::kCPU, true);
  }
  ~Autocast() {
    if (!on_) return;
    at::autocast::set_autocast_enabled(at::kCPU, false);
    at::autocast::clear_cache();  // it holds bf16 copies of weights that the next step changes
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  const bool on_;
};

/// The graph needs a head of its own; ours stand beside it, so this one is never computed.
constexpr const char* kUnusedHead = "unused";
bool is_backbone(const net::NamedTensor& array) { return !array.name.starts_with("head."); }

net::Module make_backbone(const TrainOptions& options) {
  const net::Graph graph = net::with_heads(net::graph_named(options.backbone), {{kUnusedHead, 1}});
  const std::filesystem::path file = options.backbone_weights.empty() ? net::find_weights(options.backbone)
                                                                      : std::filesystem::path(options.backbone_weights);
  const net::Weights published = net::read_safetensors(file);
  return net::Module(graph,
                     net::backbone_weights(graph, published, static_cast<std::uint64_t>(options.seed), file.string()));
}

class FinetuneLearner : public Learner {
 public:
  FinetuneLearner(const TrainOptions& options, const Examples& examples, const Features& boundaries,
                  const HeadShape& shape, int threads)
      : backbone_(make_backbone(options)),
        stage_(net::stage_named(backbone_.graph(), options.finetune_from)),
        frozen_(options, examples, boundaries, threads),
        heads_(shape, static_cast<std::uint64_t>(options.seed)),
        rate_factor_(options.backbone_learning_rate / options.learning_rate),
        bf16_(options.precision == "bf16") {
    backbone_.train_from(stage_);
  }

  void standardise(const FeatureStatistics& statistics) { heads_.standardise(statistics.mean, statistics.deviation); }

  at::Tensor training_logits(std::span<const std::int64_t> rows, const StepAddress& address) override {
    backbone_.use_batch_statistics(true);
    const at::Tensor boundary = frozen_.boundary(rows, &address);
    at::Tensor features;
    {
      const Autocast autocast(bf16_);
      features = backbone_.forward_from(boundary, stage_, backbone_.graph().feature_node).to(at::kFloat);
    }
    return heads_.logits(features, dropout_seed(address));
  }

  at::Tensor logits(std::span<const std::int64_t> rows) override {
    const c10::NoGradGuard no_gradients;
    backbone_.use_batch_statistics(false);
    const at::Tensor features =
        backbone_.forward_from(frozen_.boundary(rows, nullptr), stage_, backbone_.graph().feature_node);
    return heads_.logits(features, std::nullopt);
  }

  std::vector<ParameterGroup> parameter_groups(double weight_decay) override {
    ParameterGroup backbone{{}, rate_factor_, weight_decay}, heads{{}, 1, weight_decay};
    for (net::NamedTensor& array : backbone_.trained())
      if (is_backbone(array)) backbone.parameters.push_back({"backbone." + array.name, array.tensor});
    for (net::NamedTensor& array : heads_.trained()) heads.parameters.push_back({"heads." + array.name, array.tensor});
    return {backbone, heads};
  }

  std::vector<net::NamedTensor> arrays() override {
    std::vector<net::NamedTensor> all;
    for (net::NamedTensor& array : backbone_.arrays())
      if (is_backbone(array)) all.push_back({"backbone." + array.name, array.tensor});
    for (net::NamedTensor& array : heads_.arrays()) all.push_back({"heads." + array.name, array.tensor});
    return all;
  }

 private:
  net::Module backbone_;
  const int stage_;
  FrozenStages frozen_;
  Heads heads_;
  const double rate_factor_;
  const bool bf16_;
};

}  // namespace

std::unique_ptr<Learner> make_finetune_learner(const TrainOptions& options, const Examples& examples,
                                               const Features& features, const Features& boundaries,
                                               const HeadShape& shape, int threads) {
  auto learner = std::make_unique<FinetuneLearner>(options, examples, boundaries, shape, threads);
  learner->standardise(statistics_over(features, examples.train));
  return learner;
}

}  // namespace evenface::train
