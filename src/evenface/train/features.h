#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "evenface/core/context.h"
#include "evenface/infer/features.h"
#include "evenface/train/examples.h"
#include "evenface/train/learner.h"
#include "evenface/train/options.h"

namespace evenface::train {

/// One feature vector per example.
struct Features {
  at::Tensor values;                  ///< stored rows x d, float, on the CPU; may be a view of a mapped file
  std::vector<std::int64_t> row;      ///< per example: its row in `values`
  std::shared_ptr<const void> owner;  ///< keeps a mapped file alive
  std::string hash;                   ///< of all that determines the values

  std::int64_t width() const { return values.size(1); }
  /// n x d, in the order asked for.
  at::Tensor of(std::span<const std::int64_t> examples) const;
};

/// Features from anyone's tool: a Parquet file with the columns id (text) and features
/// (lists of equal length). Throws InputError naming an id that it lacks or holds twice,
/// and a value that is not finite.
Features read_features(const std::filesystem::path& file, const Examples& examples);

/// The features that the options ask for: their own table, or a backbone's (cached beside the data set).
Features features_for(const TrainOptions& options, const Examples& examples, const Context& context);

/// What a stage of the backbone gets from each plain picture, flattened; cached likewise.
Features features_entering(const std::string& stage, const TrainOptions& options, const Examples& examples,
                           const Context& context);

/// The backbone that the options name, up to its features or, with a stage, up to what enters it.
infer::FeatureOptions backbone_options(const TrainOptions& options, const std::string& entering);

/// Mean and sample standard deviation of each feature over rows, summed in double.
struct FeatureStatistics {
  std::vector<float> mean, deviation;
};
FeatureStatistics statistics_over(const Features& features, std::span<const std::int64_t> rows);

/// Heads over features that stay as they are, standardised by the training rows.
std::unique_ptr<Learner> make_frozen_learner(const Features& features, const Examples& examples, const HeadShape& shape,
                                             std::uint64_t seed);

}  // namespace evenface::train
