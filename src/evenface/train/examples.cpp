#include "evenface/train/examples.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evenface/core/error.h"
#include "evenface/core/hash.h"
#include "evenface/table/manifest.h"

namespace evenface::train {
namespace {

using table::Factor;
using As = table::ColumnRequest::As;

std::vector<std::string> label_columns(const table::Manifest& manifest, const std::vector<std::string>& tasks) {
  std::vector<std::string> columns;
  for (const std::string& task : tasks) {
    const std::string column = "label." + task;
    if (!manifest.reader().has(column))
      throw InputError({.file = manifest.reader().path().string(),
                        .at = "column " + column,
                        .found = fmt::format("the data set has no label \"{}\"", task),
                        .expected = fmt::format("one of its labels: {}", fmt::join(manifest.tasks(), ", ")),
                        .remedy = "choose with --tasks"});
    columns.push_back(column);
  }
  if (columns.empty())
    throw InputError({.file = manifest.reader().path().string(),
                      .at = {},
                      .found = "the data set has no labels to train on",
                      .expected = "columns label.<task>",
                      .remedy = "import it with labels: evenface ingest --help"});
  return columns;
}

table::Table read_columns(const table::Manifest& manifest, const std::vector<std::string>& factors) {
  std::vector<table::ColumnRequest> wanted{{"id", As::kText}, {"split", As::kFactor, table::split_levels()}};
  for (const std::string& name : std::set<std::string>(factors.begin(), factors.end()))
    wanted.push_back({name, As::kFactor});
  if (manifest.reader().has("weight")) wanted.push_back({"weight"});
  return manifest.reader().read(wanted);
}

/// Rows with a split and a label, in the order of their ids.
std::vector<std::int64_t> usable_rows(const table::Table& all, const std::vector<std::string>& labels) {
  std::vector<std::int64_t> rows;
  for (std::int64_t row = 0; row < all.rows(); ++row) {
    const auto r = static_cast<std::size_t>(row);
    const bool labelled =
        std::ranges::any_of(labels, [&](const std::string& c) { return all.factor(c).codes[r] != Factor::kMissing; });
    if (labelled && all.factor("split").codes[r] != Factor::kMissing) rows.push_back(row);
  }
  const table::Texts& ids = all.texts("id");
  std::ranges::sort(rows, {},
                    [&](std::int64_t row) -> const std::string& { return ids[static_cast<std::size_t>(row)]; });
  return rows;
}

std::vector<double> row_weights(const table::Table& all, const std::vector<std::int64_t>& rows) {
  std::vector<double> weights(rows.size(), 1.0);
  if (!all.has("weight")) return weights;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double w = all.reals("weight")[static_cast<std::size_t>(rows[i])];
    if (std::isnan(w)) continue;  // a manifest's missing weight means 1
    if (w < 0)
      throw InputError({.file = {},
                        .at = fmt::format("row {}, column weight", all.texts("id")[static_cast<std::size_t>(rows[i])]),
                        .found = fmt::format("the weight is {}", w),
                        .expected = "a number that is not negative",
                        .remedy = "correct the manifest's weights"});
    weights[i] = w;
  }
  return weights;
}

void require_rows(const Examples& e, const std::string& file) {
  const std::pair<const char*, std::size_t> splits[] = {
      {"train", e.train.size()}, {"val", e.val.size()}, {"test", e.test.size()}};
  for (const auto& [name, rows] : splits)
    if (rows < (std::string_view(name) == "train" ? 2 : 1))
      throw InputError({.file = file,
                        .at = "column split",
                        .found = fmt::format("the split \"{}\" holds {} labelled rows", name, rows),
                        .expected = "train to learn from, val to choose by and test to judge by",
                        .remedy = "import the data set again with a share of its rows for that split"});
}

void require_learnable(const Examples& e, const Factor& labels, const std::string& file) {
  if (labels.level_count() < 2)
    throw InputError({.file = file,
                      .at = "column " + labels.name,
                      .found = fmt::format("{} has {} class(es)", labels.name, labels.level_count()),
                      .expected = "at least two",
                      .remedy = "leave this task out with --tasks"});
  std::vector<std::int64_t> trained(labels.levels.size()), judged(labels.levels.size());
  const auto count = [&](const std::vector<std::int64_t>& rows, std::vector<std::int64_t>& into) {
    for (const std::int64_t row : rows)
      if (const std::int32_t code = labels.codes[static_cast<std::size_t>(row)]; code >= 0)
        ++into[static_cast<std::size_t>(code)];
  };
  count(e.train, trained), count(e.val, judged), count(e.test, judged);
  for (std::size_t c = 0; c < trained.size(); ++c)
    if (trained[c] == 0 && judged[c] > 0)
      throw InputError(
          {.file = file,
           .at = "column " + labels.name,
           .found = fmt::format("\"{}\" has no training rows, but {} in val and test", labels.levels[c], judged[c]),
           .expected = "training rows of every class that is judged",
           .remedy = "split the data set anew, or leave that class out of it"});
}

}  // namespace

bool Examples::fully_labelled(std::int64_t row) const {
  return std::ranges::all_of(labels, [row](const Factor& l) { return l.codes[static_cast<std::size_t>(row)] >= 0; });
}

Examples read_examples(const std::filesystem::path& data, const std::vector<std::string>& tasks,
                       const std::vector<std::string>& cell_by) {
  const table::Manifest manifest = table::Manifest::open(data);
  const std::string file = manifest.reader().path().string();
  const std::vector<std::string> names = tasks.empty() ? manifest.tasks() : tasks;
  const std::vector<std::string> labels = label_columns(manifest, names);
  std::vector<std::string> crossed = labels, needed = labels;
  if (!cell_by.empty()) crossed.clear();
  for (const std::string& name : cell_by) crossed.push_back(manifest.column_of(name));
  needed.insert(needed.end(), crossed.begin(), crossed.end());

  const table::Table all = read_columns(manifest, needed);
  const std::vector<std::int64_t> rows = usable_rows(all, labels);
  Examples e;
  e.manifest_sha256 = sha256_of_file(manifest.reader().path());
  e.weights = row_weights(all, rows);
  for (const std::int64_t row : rows) {
    e.ids.push_back(all.texts("id")[static_cast<std::size_t>(row)]);
    const std::int32_t split = all.factor("split").codes[static_cast<std::size_t>(row)];
    (split == 0 ? e.train : split == 1 ? e.val : e.test).push_back(e.rows() - 1);
  }
  require_rows(e, file);
  for (std::size_t t = 0; t < names.size(); ++t) {
    e.labels.push_back(table::take(all.factor(labels[t]), rows));
    e.tasks.push_back({names[t], e.labels.back().levels});
    require_learnable(e, e.labels.back(), file);
  }
  std::vector<Factor> parts;
  for (const std::string& column : crossed) parts.push_back(table::take(all.factor(column), rows));
  e.cell = table::cross(parts);
  return e;
}

}  // namespace evenface::train
