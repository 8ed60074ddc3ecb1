#include "evenface/train/finetune.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include <ATen/autocast_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>

#include "evenface/core/error.h"
#include "evenface/core/progress.h"
#include "evenface/net/architectures.h"
#include "evenface/net/module.h"
#include "evenface/train/pixel_source.h"

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
  FinetuneLearner(const TrainOptions& options, const Examples& examples, const at::Tensor& boundaries,
                  const HeadShape& shape, int threads)
      : backbone_(make_backbone(options)),
        stage_(net::stage_named(backbone_.graph(), options.finetune_from)),
        pixels_(options, examples, backbone_.graph().normalisation, threads),
        heads_(shape, static_cast<std::uint64_t>(options.seed)),
        rate_factor_(options.backbone_learning_rate / options.learning_rate),
        bf16_(options.precision == "bf16"),
        kept_(boundaries) {
    backbone_.train_from(stage_);
  }

  void standardise(const FeatureStatistics& statistics) { heads_.standardise(statistics.mean, statistics.deviation); }

  at::Tensor training_logits(std::span<const std::int64_t> rows, const StepAddress& address) override {
    backbone_.use_batch_statistics(true);
    at::Tensor features;
    {
      const Autocast autocast(bf16_);
      const at::Tensor boundary =
          kept_.defined() ? kept(rows) : frozen(pixels_.varied(rows, address.seed, address.epoch));
      features = backbone_.forward_from(boundary, stage_, backbone_.graph().feature_node).to(at::kFloat);
    }
    return heads_.logits(features, dropout_seed(address));
  }

  at::Tensor logits(std::span<const std::int64_t> rows) override {
    const c10::NoGradGuard no_gradients;
    const at::Tensor boundary = kept_.defined() ? kept(rows) : frozen(pixels_.plain(rows));
    backbone_.use_batch_statistics(false);
    const at::Tensor features = backbone_.forward_from(boundary, stage_, backbone_.graph().feature_node);
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
  at::Tensor frozen(const at::Tensor& pictures) {
    const c10::NoGradGuard no_gradients;
    return backbone_.boundary(pictures, stage_);
  }
  at::Tensor kept(std::span<const std::int64_t> rows) const {
    return at::index_select(kept_, 0, at::tensor(at::ArrayRef<std::int64_t>(rows.data(), rows.size())));
  }

  net::Module backbone_;
  const int stage_;
  const PixelSource pixels_;
  Heads heads_;
  const double rate_factor_;
  const bool bf16_;
  const at::Tensor kept_;  ///< per example, what enters the first trained stage; undefined where not kept
};

}  // namespace

at::Tensor boundaries_of(const TrainOptions& options, const Examples& examples, const Context& context) {
  constexpr std::int64_t kRowsAtOnce = 64;  // fixed: the last bits may depend on it
  if (options.augment != "none") return {};
  const c10::NoGradGuard no_gradients;
  net::Module backbone = make_backbone(options);
  const int stage = net::stage_named(backbone.graph(), options.finetune_from);
  const PixelSource pixels(options, examples, backbone.graph().normalisation, context.threads);
  const std::int64_t rows = examples.rows();
  const std::vector<std::int64_t> first{0};
  const at::Tensor one = backbone.boundary(pixels.plain(first), stage);
  if (static_cast<std::int64_t>(one.nbytes()) > kKeptBytes / rows) return {};

  std::vector<std::int64_t> shape = one.sizes().vec();
  shape[0] = rows;
  at::Tensor all = at::empty(shape, one.options().memory_format(one.suggest_memory_format()));
  Progress progress(context.console, "frozen stages", rows);
  for (std::int64_t begin = 0; begin < rows; begin += kRowsAtOnce) {
    std::vector<std::int64_t> part(static_cast<std::size_t>(std::min(kRowsAtOnce, rows - begin)));
    std::iota(part.begin(), part.end(), begin);
    all.narrow(0, begin, static_cast<std::int64_t>(part.size())).copy_(backbone.boundary(pixels.plain(part), stage));
    progress.advance(static_cast<std::int64_t>(part.size()));
  }
  return all;
}

std::unique_ptr<Learner> make_finetune_learner(const TrainOptions& options, const Examples& examples,
                                               const Features& features, const at::Tensor& boundaries,
                                               const HeadShape& shape, int threads) {
  auto learner = std::make_unique<FinetuneLearner>(options, examples, boundaries, shape, threads);
  learner->standardise(statistics_over(features, examples.train));
  return learner;
}

}  // namespace evenface::train
