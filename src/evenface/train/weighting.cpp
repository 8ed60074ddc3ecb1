#include "evenface/train/weighting.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evenface/core/error.h"
#include "evenface/table/table.h"
#include "evenface/train/weighting_names.h"

namespace evenface::train {
namespace {

struct Entry {
  std::string_view name;
  std::unique_ptr<Weighting> (*make)();
};

constexpr std::array kRegistry{
    Entry{"uniform", make_uniform},
    Entry{"validation-attention", make_validation_attention},
};
static_assert(std::ranges::equal(kRegistry, kWeightingNames, {}, &Entry::name));

}  // namespace

std::unique_ptr<Weighting> weighting_named(const std::string& name) {
  for (const Entry& entry : kRegistry)
    if (entry.name == name) return entry.make();
  throw InputError({.file = {},
                    .at = "weighting",
                    .found = fmt::format("there is no weighting \"{}\"", name),
                    .expected = fmt::format("one of {}", fmt::join(weighting_names(), ", ")),
                    .remedy = "choose one of these"});
}

RowWeights weigh_rows(const Weighting& weighting, const Examples& examples,
                      std::vector<balance::ClassCounts> feedback) {
  RowWeights w;
  w.cells = weighting.cell_weights(examples.cell.levels.size(), feedback);
  w.feedback = std::move(feedback);
  w.training_rows.resize(w.cells.size());
  w.rows = examples.weights;
  for (std::int64_t row = 0; row < examples.rows(); ++row)
    if (const std::int32_t cell = examples.cell.codes[static_cast<std::size_t>(row)]; cell >= 0)
      w.rows[static_cast<std::size_t>(row)] *= w.cells[static_cast<std::size_t>(cell)];
  double sum = 0;
  for (const std::int64_t row : examples.train) {
    sum += w.rows[static_cast<std::size_t>(row)];
    if (const std::int32_t cell = examples.cell.codes[static_cast<std::size_t>(row)]; cell >= 0)
      ++w.training_rows[static_cast<std::size_t>(cell)];
  }
  require(sum > 0, "the weights of all training rows are 0; correct the manifest's column weight");
  const double scale = static_cast<double>(examples.train.size()) / sum;
  for (double& x : w.rows) x *= scale;
  for (double& x : w.cells) x *= scale;
  return w;
}

void write_weights(const std::filesystem::path& path, const RowWeights& weights, const Examples& examples) {
  const std::size_t cells = weights.cells.size();
  std::vector<std::int32_t> codes(cells);
  std::vector<std::int64_t> rows(cells), correct(cells);
  for (std::size_t c = 0; c < cells; ++c) {
    codes[c] = static_cast<std::int32_t>(c);
    if (!weights.feedback.empty()) rows[c] = weights.feedback[c].rows, correct[c] = weights.feedback[c].correct;
  }
  table::Table table;
  table.add("epoch", std::vector<std::int64_t>(cells, 0));
  table.add("cell", table::Factor{examples.cell.name, examples.cell.levels, codes});
  table.add("weight", weights.cells);
  table.add("training_rows", weights.training_rows);
  table.add("feedback_rows", rows);
  table.add("feedback_correct", correct);
  table::TableWriter writer(path);
  writer.append(table);
  writer.commit();
}

}  // namespace evenface::train
