#pragma once
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "evenface/balance/validation_attention.h"
#include "evenface/train/examples.h"

namespace evenface::train {

/// Turns feedback into one weight per cell of the examples' crossing. The caller scales the
/// weights to mean 1 over the training rows. To add one: one file, one line in weighting.cpp.
class Weighting {
 public:
  virtual ~Weighting() = default;

  /// Whether it learns from a finished run's validation rows.
  virtual bool needs_feedback() const = 0;
  /// `feedback`: per cell, rows and jointly correct rows; empty unless needs_feedback().
  virtual std::vector<double> cell_weights(std::size_t cells, std::span<const balance::ClassCounts> feedback) const = 0;
};

std::unique_ptr<Weighting> make_uniform();
std::unique_ptr<Weighting> make_validation_attention();

/// The weighting of that name (weighting_names.h). Throws InputError that lists the names there are.
std::unique_ptr<Weighting> weighting_named(const std::string& name);

/// The weights of a run and what they came from.
struct RowWeights {
  std::vector<double> rows;                    ///< per row of the examples; mean 1 over the training rows
  std::vector<double> cells;                   ///< per cell, scaled alike
  std::vector<std::int64_t> training_rows;     ///< per cell
  std::vector<balance::ClassCounts> feedback;  ///< per cell; empty without feedback
};

/// Cell weight times the manifest's own row weight, scaled to mean 1 over the training
/// rows. A row whose cell is not known counts as average (cell weight 1 before scaling).
RowWeights weigh_rows(const Weighting& weighting, const Examples& examples, std::vector<balance::ClassCounts> feedback);

/// Per cell, validation rows and those that a finished run got jointly right, from
/// `<run>/predictions/val.parquet`, joined by id. Throws InputError when the run is
/// not finished, or its validation rows or tasks are not those of the examples: so no
/// row of train or test is ever looked at.
std::vector<balance::ClassCounts> read_feedback(const std::filesystem::path& run, const Examples& examples);

/// Writes weights.parquet: epoch (of the update; 0: before training), cell, weight,
/// training_rows, feedback_rows, feedback_correct.
void write_weights(const std::filesystem::path& path, const RowWeights& weights, const Examples& examples);

}  // namespace evenface::train
