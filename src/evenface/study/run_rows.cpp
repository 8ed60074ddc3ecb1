#include "evenface/study/run_rows.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/printable.h"
#include "evenface/study/number_column.h"
#include "evenface/study/run_scores.h"
#include "evenface/study/votes.h"
#include "evenface/table/manifest.h"

namespace evenface::study {
namespace {
using table::ColumnRequest;
using table::Factor;
using As = ColumnRequest::As;

constexpr std::size_t kMostClasses = 1000, kMostGroups = 10000;

/// Columns to read, each once.
class Wanted {
 public:
  explicit Wanted(const std::filesystem::path& file) : file_(file) {}

  void add(const std::string& name, As as, std::size_t most_levels = 0) {
    const auto there = std::ranges::find(requests_, name, &ColumnRequest::name);
    if (there == requests_.end()) return requests_.push_back({name, as, {}, most_levels});
    if (there->as != as)
      throw InputError({.file = file_.string(),
                        .at = "column " + name,
                        .found = "it is named for two uses that need it in different forms",
                        .expected = "ids, classes and numbers in columns of their own",
                        .remedy = "name another column, or add a copy of this one with its values in classes"});
  }
  void add(const std::vector<std::string>& names, As as, std::size_t most_levels = 0) {
    for (const std::string& name : names) add(name, as, most_levels);
  }
  /// Numbers, or vectors of them.
  void add_numbers(const std::vector<std::string>& names, const table::TableReader& reader) {
    for (const std::string& name : names)
      add(name, reader.has(name) && reader.holds_vectors(name) ? As::kStored : As::kReal);
  }
  const std::vector<ColumnRequest>& requests() const { return requests_; }

 private:
  std::filesystem::path file_;
  std::vector<ColumnRequest> requests_;
};

/// Columns with their rows at some positions; factors as labels.
struct InOrder {
  std::span<const std::uint32_t> positions;
  int threads;
  const std::vector<std::string>& missing;  ///< texts that mean a missing label
  bool as_they_are = false;                 ///< columns keep their order

  template <class Column>
  Column operator()(const Column& column) const {
    return as_they_are ? column : taken(column, positions, threads);
  }
  template <class Column>
    requires(!std::is_arithmetic_v<Column>)
  std::vector<Column> operator()(const std::vector<Column>& columns) const {
    std::vector<Column> list;
    for (const Column& column : columns) list.push_back((*this)(column));
    return list;
  }
  Factor labels(const table::Table& table, const std::string& name) const {
    return as_labels((*this)(table.factor(name)), missing);
  }
  std::vector<Factor> operator()(const table::Table& table, const std::vector<std::string>& names) const {
    std::vector<Factor> list;
    for (const std::string& name : names) list.push_back(labels(table, name));
    return list;
  }
};

std::vector<double> weights_from(const table::TableReader& reader, const table::Table& table, const std::string& name) {
  const auto& weights = table.reals(name);
  require_each(
      weights, {reader.path(), name, reader.first_row()}, 1, [](double w) { return std::isfinite(w) && w >= 0; },
      "a weight, finite and not below 0");
  return weights;
}

/// Truth or predictions as numbers; a missing one is NaN.
std::vector<std::vector<double>> values_from(const table::TableReader& reader, const table::Table& table,
                                             const std::vector<std::string>& names) {
  std::vector<std::vector<double>> list;
  for (const std::string& name : names) {
    list.push_back(table.reals(name));
    require_each(
        list.back(), {reader.path(), name, reader.first_row()}, 1, [](double v) { return !std::isinf(v); },
        "a finite number, or an empty cell");
  }
  return list;
}

std::vector<Factor> with_missing_levels(std::vector<Factor> factors) {
  for (Factor& f : factors) f = with_missing_level(std::move(f));
  return factors;
}

/// Rows that `named` leaves out, of the splits that it has rows of.
std::vector<std::uint32_t> rows_of_same_splits(const Factor& split, const std::vector<std::uint32_t>& named) {
  std::vector<bool> is_named(split.codes.size()), in_use(split.levels.size());
  for (const std::uint32_t row : named) {
    is_named[row] = true;
    if (const std::int32_t code = split.codes[row]; code >= 0) in_use[static_cast<std::size_t>(code)] = true;
  }
  std::vector<std::uint32_t> rows;
  for (std::size_t row = 0; row < is_named.size(); ++row)
    if (!is_named[row] && split.codes[row] >= 0 && in_use[static_cast<std::size_t>(split.codes[row])])
      rows.push_back(static_cast<std::uint32_t>(row));
  return rows;
}

/// Whether a row of a data set has no true value of some task.
bool lacks_truth(const table::Table& table, const std::vector<std::string>& truth, const DataColumns& columns,
                 std::uint32_t row) {
  return std::ranges::any_of(truth, [&](const std::string& name) {
    if (columns.numeric) return std::isnan(table.reals(name)[row]);
    const std::string_view level = table.factor(name).level_at(row);
    return level.empty() || std::ranges::find(columns.missing, level) != columns.missing.end();
  });
}

[[noreturn]] void refuse_no_rows(const std::filesystem::path& file) {
  throw InputError({.file = file.string(),
                    .at = {},
                    .found = "the table has no rows",
                    .expected = "one row per picture",
                    .remedy = "write the predictions into it, or name another file"});
}

}  // namespace

Factor as_labels(Factor factor, const std::vector<std::string>& missing) {
  std::vector<std::int32_t> to;
  std::vector<std::string> levels;
  for (const std::string& level : factor.levels) {
    const bool is_missing = std::ranges::find(missing, level) != missing.end();
    to.push_back(is_missing ? Factor::kMissing : static_cast<std::int32_t>(levels.size()));
    if (!is_missing) levels.push_back(printable(level));
  }
  if (levels.size() < factor.levels.size())
    for (std::int32_t& code : factor.codes)
      if (code >= 0) code = to[static_cast<std::size_t>(code)];
  factor.levels = std::move(levels);
  return factor;
}

Factor with_missing_level(Factor factor) {
  if (std::ranges::find(factor.codes, Factor::kMissing) == factor.codes.end()) return factor;
  if (!factor.code_of(kMissingLevel)) factor.levels.emplace_back(kMissingLevel);
  std::ranges::replace(factor.codes, Factor::kMissing, *factor.code_of(kMissingLevel));
  return factor;
}

RunDescription describe_run(const RunSource& run) {
  const auto file = *run.folder / "environment.json";
  RunDescription description;
  try {
    description.data = nlohmann::json::parse(read_file(file)).at("data").at("path");
  } catch (const nlohmann::json::exception& e) {
    throw InputError({.file = file.string(),
                      .at = {},
                      .found = e.what(),
                      .expected = "the data set that the run was trained on",
                      .remedy = "train the run again, or compare the files in its predictions folder"});
  }
  constexpr std::string_view kEnding = ".predicted";
  const auto reader = table::TableReader::open(run.predictions);
  for (const std::string& name : reader.names())
    if (name.ends_with(kEnding)) description.tasks.push_back(name.substr(0, name.size() - kEnding.size()));
  description.scores =
      std::ranges::all_of(description.tasks, [&](const std::string& task) { return reader.has(task + ".scores"); });
  return description;
}

std::vector<std::string> attributes_of(const OutcomeColumns& columns) {
  std::vector<std::string> names;
  for (const auto& crossing : columns.by)
    for (const std::string& name : crossing)
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  return names;
}

RunRows read_run(const RunSource& source, const OutcomeColumns& columns, bool truth_in_file, bool alone, int threads) {
  const table::TableReader reader = table::TableReader::open(source.predictions);
  // Weights and persons of the file go before those of the data set.
  const auto stands_here = [&](const std::string& name) {
    return !name.empty() && (truth_in_file || reader.has(name));
  };
  const bool weighted = stands_here(columns.weight), persons = stands_here(columns.person);
  const bool voted = !columns.votes.empty() && stands_here(columns.votes.front());
  const std::vector<std::string> attributes = attributes_of(columns);
  const As form = columns.numeric ? As::kReal : As::kFactor;
  Wanted wanted(source.predictions);
  wanted.add(columns.id, As::kKey);
  wanted.add(columns.predicted, form, kMostClasses);
  if (truth_in_file) wanted.add(columns.truth, form, kMostClasses), wanted.add(attributes, As::kFactor, kMostGroups);
  if (weighted) wanted.add(columns.weight, As::kReal);
  if (persons) wanted.add(columns.person, As::kFactor);
  wanted.add_numbers(columns.scores, reader);
  if (voted) wanted.add_numbers(columns.votes, reader);
  table::Table table = reader.read(wanted.requests(), {}, threads);
  if (table.rows() == 0) refuse_no_rows(source.predictions);

  RunRows rows{.id_column = {source.predictions, columns.id}};
  rows.ids = std::get<table::Keys>(table.release(columns.id));
  OrderedIds order;
  // Counts alone don't depend on the order of the rows.
  const bool as_they_are = alone && !weighted && !persons && !voted && columns.scores.empty() && !columns.numeric;
  if (as_they_are) {
    require_unique(rows.ids, rows.id_column, threads);
  } else {
    order = ordered(rows.ids, threads);
    require_unique(order, rows.id_column);
    rows.ids = std::move(order.ids);
  }
  const InOrder in_order{order.rows, threads, columns.missing, as_they_are};
  if (columns.numeric) {
    rows.predicted_values = in_order(values_from(reader, table, columns.predicted));
    if (truth_in_file) rows.true_values = in_order(values_from(reader, table, columns.truth));
  } else {
    rows.predicted = in_order(table, columns.predicted);
    if (truth_in_file) rows.truth = in_order(table, columns.truth);
  }
  if (truth_in_file) rows.attributes = with_missing_levels(in_order(table, attributes));
  if (weighted) rows.weights = in_order(weights_from(reader, table, columns.weight));
  if (persons) rows.person = in_order.labels(table, columns.person);
  if (!columns.scores.empty()) {
    read_scores(reader, table, columns, rows);
    rows.scores = in_order(rows.scores);
  }
  if (voted) {
    rows.votes = read_votes(reader, table, columns.votes, rows.predicted.front().levels);
    rows.votes.of = in_order(rows.votes.of);
  }
  return rows;
}

RunRows taken(const RunRows& rows, std::span<const std::uint32_t> positions, int threads) {
  const std::vector<std::string> none;
  const InOrder at{positions, threads, none};
  RunRows some{.id_column = rows.id_column, .ids = at(rows.ids), .score_classes = rows.score_classes};
  some.truth = at(rows.truth), some.predicted = at(rows.predicted), some.attributes = at(rows.attributes);
  some.true_values = at(rows.true_values), some.predicted_values = at(rows.predicted_values);
  some.scores = at(rows.scores);
  some.votes = {rows.votes.classes, at(rows.votes.of)};
  if (!rows.weights.empty()) some.weights = at(rows.weights);
  if (rows.person.rows() > 0) some.person = at(rows.person);
  return some;
}

DataRows read_data(const std::string& folder, const DataColumns& columns, const table::Keys& ids,
                   std::span<const IdColumn> sources, int threads) {
  const table::Manifest manifest = table::Manifest::open(folder);
  const table::TableReader& reader = manifest.reader();
  Wanted wanted(reader.path());
  wanted.add("id", As::kKey), wanted.add("split", As::kFactor);
  const auto column = [&](const std::string& name, bool label, As as, std::size_t most_levels) {
    const std::string found = label && reader.has("label." + name) ? "label." + name : manifest.column_of(name);
    wanted.add(found, as, most_levels);
    return found;
  };
  std::vector<std::string> truth, attributes;
  for (const std::string& task : columns.tasks)
    truth.push_back(column(task, true, columns.numeric ? As::kReal : As::kFactor, kMostClasses));
  for (const std::string& name : columns.attributes)
    attributes.push_back(column(name, false, As::kFactor, kMostGroups));
  if (!columns.weight.empty()) wanted.add(columns.weight, As::kReal);
  if (!columns.person.empty()) wanted.add(columns.person, As::kFactor);
  wanted.add_numbers(columns.votes, reader);
  const table::Table table = reader.read(wanted.requests(), {}, threads);
  const OrderedIds known = ordered(table.keys("id"), threads);
  std::vector<std::uint32_t> rows = positions_in(known.ids, ids);
  if (const auto lacking = std::ranges::count(rows, kUnknown); lacking > 0) {
    const auto at = static_cast<std::size_t>(std::ranges::find(rows, kUnknown) - rows.begin());
    throw InputError({.file = folder,
                      .at = {},
                      .found = fmt::format("{} of {} predicted ids are not in this data set, e.g. \"{}\"", lacking,
                                           rows.size(), id_text(sources, ids.keys[at], ids.checks[at])),
                      .expected = fmt::format("ids such as \"{}\"", first_id({reader.path(), "id"})),
                      .remedy = "name the data set that the predictions were made on with --data"});
  }
  for (std::uint32_t& row : rows) row = known.rows[row];

  const InOrder in_order{rows, threads, columns.missing};
  DataRows data;
  if (columns.numeric) data.true_values = in_order(values_from(reader, table, truth));
  else data.truth = in_order(table, truth);
  data.attributes = with_missing_levels(in_order(table, attributes));
  data.split = in_order(table.factor("split"));
  std::vector<std::uint32_t> unnamed = rows_of_same_splits(table.factor("split"), rows);
  std::erase_if(unnamed, [&](std::uint32_t row) { return lacks_truth(table, truth, columns, row); });
  const InOrder of_unnamed{unnamed, threads, columns.missing};
  data.unpredicted = with_missing_levels(of_unnamed(table, attributes));
  if (!columns.weight.empty()) data.weights = in_order(weights_from(reader, table, columns.weight));
  if (!columns.person.empty()) data.person = in_order.labels(table, columns.person);
  if (!columns.votes.empty()) {
    data.votes = read_votes(reader, table, columns.votes, data.truth.front().levels);
    data.votes.of = in_order(data.votes.of);
  }
  return data;
}

}  // namespace evenface::study
