#include <unordered_map>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/table/table.h"
#include "evenface/train/run_folder.h"
#include "evenface/train/weighting.h"

namespace evenface::train {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, std::string found) {
  throw InputError({.file = file.string(),
                    .at = {},
                    .found = std::move(found),
                    .expected = "a run on the same data set, with the same tasks and the same validation rows",
                    .remedy = "train the baseline on this data set and name its folder as feedback"});
}

/// Index of each validation row by id.
std::unordered_map<std::string_view, std::int64_t> validation_index(const Examples& examples) {
  std::unordered_map<std::string_view, std::int64_t> index;
  for (const std::int64_t row : examples.val) index.emplace(examples.ids[static_cast<std::size_t>(row)], row);
  return index;
}

}  // namespace

std::vector<balance::ClassCounts> read_feedback(const std::filesystem::path& run, const Examples& examples) {
  require_finished(run);
  const std::filesystem::path file = run / "predictions" / "val.parquet";
  std::vector<table::ColumnRequest> columns{{"id", table::ColumnRequest::As::kText}};
  for (const Task& task : examples.tasks)
    columns.push_back({task.name + ".predicted", table::ColumnRequest::As::kFactor, task.levels});
  const table::Table predictions = table::TableReader::open(file).read(columns);
  const auto index = validation_index(examples);
  if (predictions.rows() != static_cast<std::int64_t>(index.size()))
    refuse(file, fmt::format("it predicts {} rows, the validation split has {}", predictions.rows(), index.size()));

  std::vector<balance::ClassCounts> cells(examples.cell.levels.size());
  std::vector<bool> seen(examples.ids.size());
  for (std::size_t i = 0; i < static_cast<std::size_t>(predictions.rows()); ++i) {
    const std::string& id = predictions.texts("id")[i];
    const auto found = index.find(id);
    if (found == index.end()) refuse(file, fmt::format("it predicts \"{}\", which is no validation row", id));
    const auto row = static_cast<std::size_t>(found->second);
    if (seen[row]) refuse(file, fmt::format("it predicts \"{}\" twice", id));
    seen[row] = true;
    if (examples.cell.codes[row] < 0 || !examples.fully_labelled(found->second)) continue;
    bool right = true;
    for (std::size_t t = 0; t < examples.tasks.size(); ++t)
      right &= predictions.factor(examples.tasks[t].name + ".predicted").codes[i] == examples.labels[t].codes[row];
    balance::ClassCounts& cell = cells[static_cast<std::size_t>(examples.cell.codes[row])];
    ++cell.rows, cell.correct += right;
  }
  return cells;
}

}  // namespace evenface::train
