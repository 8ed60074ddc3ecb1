#include "evenface/train/tally.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "evenface/core/error.h"

namespace evenface::train {
namespace {

using Counts = std::vector<balance::ClassCounts>;

std::vector<std::int64_t> flat(const Counts& counts) {
  std::vector<std::int64_t> numbers;
  for (const auto& [rows, correct] : counts) numbers.push_back(rows), numbers.push_back(correct);
  return numbers;
}

Counts unflat(const std::vector<std::int64_t>& numbers) {
  Counts counts;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) counts.push_back({numbers[i], numbers[i + 1]});
  return counts;
}

void add(balance::ClassCounts& counts, bool correct) { ++counts.rows, counts.correct += correct; }

}  // namespace

Tally empty_tally(const Examples& examples) {
  Tally tally;
  tally.tasks.resize(examples.tasks.size());
  tally.cells.resize(examples.cell.levels.size());
  return tally;
}

void count_correct(Tally& tally, const Examples& examples, std::span<const std::int64_t> rows,
                   const at::Tensor& logits) {
  ensure(logits.dim() == 2 && logits.size(0) == static_cast<std::int64_t>(rows.size()), "one row of logits a row");
  const at::Tensor contiguous = logits.detach().to(at::kFloat).contiguous();
  const float* scores = contiguous.const_data_ptr<float>();
  tally.rows += static_cast<std::int64_t>(rows.size());
  for (const std::int64_t row : rows) {
    bool all_known = true, all_right = true;
    for (std::size_t t = 0; t < examples.tasks.size(); ++t) {
      const std::size_t classes = examples.tasks[t].levels.size();
      const auto predicted = std::max_element(scores, scores + classes) - scores;
      scores += classes;
      const std::int32_t truth = examples.labels[t].codes[static_cast<std::size_t>(row)];
      all_known &= truth >= 0;
      all_right &= truth == predicted;
      if (truth >= 0) add(tally.tasks[t], truth == predicted);
    }
    if (!all_known) continue;
    add(tally.joint, all_right);
    if (const std::int32_t cell = examples.cell.codes[static_cast<std::size_t>(row)]; cell >= 0)
      add(tally.cells[static_cast<std::size_t>(cell)], all_right);
  }
}

double share_correct(const balance::ClassCounts& counts) {
  if (counts.rows == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(counts.correct) / static_cast<double>(counts.rows);
}

CellSpread spread_over_cells(const Tally& tally) {
  std::vector<double> shares;
  for (const balance::ClassCounts& c : tally.cells)
    if (c.rows > 0) shares.push_back(share_correct(c));
  const auto n = static_cast<double>(shares.size());
  double mean = 0, squares = 0;
  for (const double s : shares) mean += s / n;
  for (const double s : shares) squares += (s - mean) * (s - mean) / n;
  if (shares.empty()) mean = squares = std::numeric_limits<double>::quiet_NaN();
  return {mean, std::sqrt(squares)};
}

void to_json(nlohmann::json& json, const Tally& tally) {
  json = {{"rows", tally.rows},
          {"loss", tally.loss},
          {"tasks", flat(tally.tasks)},
          {"joint", flat({tally.joint})},
          {"cells", flat(tally.cells)}};
}

void from_json(const nlohmann::json& json, Tally& tally) {
  tally.rows = json.at("rows");
  tally.loss = json.at("loss");
  tally.tasks = unflat(json.at("tasks"));
  tally.joint = unflat(json.at("joint")).at(0);
  tally.cells = unflat(json.at("cells"));
}

}  // namespace evenface::train
