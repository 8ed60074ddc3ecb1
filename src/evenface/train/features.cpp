#include "evenface/train/features.h"

#include <cmath>
#include <unordered_map>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/hash.h"
#include "evenface/table/table.h"

namespace evenface::train {
namespace {

/// Rows per partial sum, so that sums over millions of rows stay exact enough.
constexpr std::int64_t kRowsAtOnce = 4096;

void require_finite(const table::Vectors& vectors, const table::Texts& ids, const std::string& file) {
  for (std::size_t i = 0; i < vectors.values.size(); ++i)
    if (!std::isfinite(vectors.values[i])) {
      const auto width = static_cast<std::size_t>(vectors.width);
      throw InputError({.file = file,
                        .at = fmt::format("row {}, column features", ids[i / width]),
                        .found = fmt::format("value {} is {}", i % width + 1, vectors.values[i]),
                        .expected = "finite numbers",
                        .remedy = "make the features again, or leave this row out of the data set"});
    }
}

/// Calls `visit` with consecutive blocks of the rows' features, in double.
template <class Visit>
void for_each_block(const Features& features, std::span<const std::int64_t> rows, Visit visit) {
  for (std::size_t begin = 0; begin < rows.size(); begin += kRowsAtOnce)
    visit(features.of(rows.subspan(begin, std::min<std::size_t>(kRowsAtOnce, rows.size() - begin))).to(at::kDouble));
}

std::vector<float> values_of(const at::Tensor& tensor) {
  const at::Tensor floats = tensor.to(at::kFloat).contiguous();
  return {floats.const_data_ptr<float>(), floats.const_data_ptr<float>() + floats.numel()};
}

class FrozenLearner : public Learner {
 public:
  FrozenLearner(const Features& features, const HeadShape& shape, std::uint64_t seed)
      : features_(features), heads_(shape, seed) {}

  void standardise(const FeatureStatistics& statistics) { heads_.standardise(statistics.mean, statistics.deviation); }

  at::Tensor training_logits(std::span<const std::int64_t> rows, const StepAddress& address) override {
    return heads_.logits(features_.of(rows), dropout_seed(address));
  }
  at::Tensor logits(std::span<const std::int64_t> rows) override {
    const c10::NoGradGuard no_gradients;
    return heads_.logits(features_.of(rows), std::nullopt);
  }
  std::vector<ParameterGroup> parameter_groups(double weight_decay) override {
    return {{.parameters = heads_.trained(), .rate_factor = 1, .weight_decay = weight_decay}};
  }
  std::vector<net::NamedTensor> arrays() override {
    std::vector<net::NamedTensor> all = heads_.arrays();
    for (net::NamedTensor& array : all) array.name = "heads." + array.name;
    return all;
  }

 private:
  const Features& features_;
  Heads heads_;
};

}  // namespace

at::Tensor Features::of(std::span<const std::int64_t> examples) const {
  at::Tensor index = at::empty({static_cast<std::int64_t>(examples.size())}, at::kLong);
  for (std::size_t i = 0; i < examples.size(); ++i)
    index.data_ptr<std::int64_t>()[i] = row[static_cast<std::size_t>(examples[i])];
  return at::index_select(values, 0, index);
}

Features read_features(const std::filesystem::path& file, const Examples& examples) {
  using As = table::ColumnRequest::As;
  const auto stored = std::make_shared<table::Table>(
      table::TableReader::open(file).read({{"id", As::kText}, {"features", As::kStored}}));
  const table::Texts& ids = stored->texts("id");
  const table::Vectors& vectors = stored->vectors("features");
  require_finite(vectors, ids, file.string());
  std::unordered_map<std::string_view, std::int64_t> row_of;
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (!row_of.emplace(ids[i], static_cast<std::int64_t>(i)).second)
      throw InputError({.file = file.string(),
                        .at = fmt::format("row {}", i + 1),
                        .found = fmt::format("the id \"{}\" occurs twice", ids[i]),
                        .expected = "each id once",
                        .remedy = "remove one of the two rows"});
  Features features;
  for (const std::string& id : examples.ids) {
    const auto found = row_of.find(id);
    if (found == row_of.end())
      throw InputError({.file = file.string(),
                        .at = "column id",
                        .found = fmt::format("there are no features of \"{}\"", id),
                        .expected = "features of every labelled row of the data set",
                        .remedy = "make the features again from this data set"});
    features.row.push_back(found->second);
  }
  // The tensor only reads; from_blob knows no const.
  features.values = at::from_blob(const_cast<float*>(vectors.values.data()),
                                  {static_cast<std::int64_t>(ids.size()), vectors.width}, at::kFloat);
  features.owner = stored;
  features.hash = sha256_of_file(file);
  return features;
}

FeatureStatistics statistics_over(const Features& features, std::span<const std::int64_t> rows) {
  const auto n = static_cast<double>(rows.size());
  at::Tensor mean = at::zeros({features.width()}, at::kDouble), squares = at::zeros({features.width()}, at::kDouble);
  for_each_block(features, rows, [&](const at::Tensor& block) { mean += block.sum(0) / n; });
  for_each_block(features, rows, [&](const at::Tensor& block) { squares += (block - mean).square().sum(0); });
  return {values_of(mean), values_of((squares / std::max(1.0, n - 1)).sqrt())};
}

std::unique_ptr<Learner> make_frozen_learner(const Features& features, const Examples& examples, const HeadShape& shape,
                                             std::uint64_t seed) {
  auto learner = std::make_unique<FrozenLearner>(features, shape, seed);
  learner->standardise(statistics_over(features, examples.train));
  return learner;
}

}  // namespace evenface::train
