#include "evenface/study/adjust_rows.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/study/run_scores.h"
#include "evenface/table/table.h"

namespace evenface::study {
namespace {
using adjust::RuleColumns;
using adjust::ScoreKind;
using table::ColumnRequest;
using table::Factor;
using table::TableReader;
using As = ColumnRequest::As;

constexpr const char* kScoresEnding = ".scores";

/// `<task>` of `<task>.scores`, or an empty text.
std::string task_of(const RuleColumns& c) {
  if (c.scores.size() != 1 || !c.scores[0].ends_with(kScoresEnding)) return {};
  return c.scores[0].substr(0, c.scores[0].size() - std::string_view(kScoresEnding).size());
}

/// For a run of our own: the one task, or the one that is named as truth.
void fill_from_run(RuleColumns& c, AdjustSource& source) {
  if (!source.run.folder) return;
  const RunDescription run = describe_run(source.run);
  if (source.data.empty()) source.data = run.data;
  if (c.scores.empty()) {
    if (c.truth.empty() && run.tasks.size() != 1)
      throw InputError({.file = source.run.folder->string(),
                        .at = "--truth",
                        .found = fmt::format("the run has {} tasks: {}", run.tasks.size(), fmt::join(run.tasks, ", ")),
                        .expected = "the task that is to be adjusted",
                        .remedy = "name one, for example --truth " + run.tasks.front()});
    c.scores = {(c.truth.empty() ? run.tasks.front() : c.truth) + kScoresEnding};
  }
  if (c.by.empty()) c.by = run.tasks;
}

/// A column of the file, with the texts that mean so as missing.
Factor labels_in(const TableReader& reader, const std::string& name, const AdjustSource& source) {
  return as_labels(reader.read({{name, As::kFactor}}).factor(name), source.missing);
}

/// Columns of the data set for the rows of the file, in their order. A missing attribute is missing.
DataRows data_of(const AdjustSource& source, DataColumns columns, const std::string& id, int threads) {
  columns.missing = source.missing;
  const TableReader reader = TableReader::open(source.run.predictions);
  const std::vector<IdColumn> sources{{source.run.predictions, id}};
  const table::Table table = reader.read({{id, As::kKey}});
  const OrderedIds order = ordered(table.keys(id), threads);
  require_unique(order, sources.front());
  DataRows data = read_data(source.data, columns, order.ids, sources, threads);
  for (auto* factors : {&data.truth, &data.attributes})
    for (Factor& f : *factors) {
      std::vector<std::int32_t> codes(f.codes.size());
      for (std::size_t i = 0; i < codes.size(); ++i) codes[order.rows[i]] = f.codes[i];
      f.codes = std::move(codes);
    }
  for (Factor& f : data.attributes)
    if (const auto missing = f.code_of(kMissingLevel)) std::ranges::replace(f.codes, *missing, Factor::kMissing);
  return data;
}

Factor read_truth(const AdjustSource& source, const RuleColumns& c, int threads) {
  const TableReader reader = TableReader::open(source.run.predictions);
  if (source.data.empty()) return labels_in(reader, c.truth, source);
  return data_of(source, {.tasks = {c.truth}, .attributes = {}}, c.id, threads).truth.front();
}

std::vector<std::string> levels_in_use(const Factor& f) {
  std::vector<bool> used(f.levels.size());
  for (const std::int32_t code : f.codes)
    if (code >= 0) used[static_cast<std::size_t>(code)] = true;
  std::vector<std::string> levels;
  for (std::size_t i = 0; i < used.size(); ++i)
    if (used[i]) levels.push_back(f.levels[i]);
  return levels;
}

/// Negative and positive class of a task with two.
std::vector<std::string> two_classes(const AdjustSource& source, RuleColumns& c, int threads) {
  const auto levels = levels_in_use(read_truth(source, c, threads));
  if (c.positive.empty() && levels == std::vector<std::string>{"0", "1"}) c.positive = levels.back();
  const auto at = std::ranges::find(levels, c.positive);
  if (levels.size() != 2 || at == levels.end())
    throw InputError(
        {.file = source.run.predictions.string(),
         .at = levels.size() == 2 ? "--positive" : "column " + c.truth,
         .found = fmt::format("{} classes ({}), positive \"{}\"", levels.size(), fmt::join(levels, ", "), c.positive),
         .expected = "two classes, one of which --positive names: the one that a high score speaks for",
         .remedy = levels.size() == 2 ? "name it, for example --positive " + levels.back()
                                      : "name one score column per class with --scores"});
  return {levels[at == levels.begin() ? 1 : 0], *at};
}

/// The order of the classes is taken from the predictions: each must have the highest score of its row.
void require_highest(const TableReader& reader, const std::string& name, const Factor& predicted) {
  const table::Table table = reader.read({{name}});
  const auto& [width, values] = table.vectors(name);
  bool fits = width == predicted.level_count();
  constexpr float kRounding = 1e-5F;  // equal but for rounding
  for (std::size_t i = 0; fits && i < predicted.codes.size(); ++i) {
    const auto row = std::span(values).subspan(i * static_cast<std::size_t>(width), static_cast<std::size_t>(width));
    if (predicted.codes[i] < 0 || std::isnan(row[0])) continue;
    fits = row[static_cast<std::size_t>(predicted.codes[i])] >= std::ranges::max(row) - kRounding;
  }
  if (!fits)
    throw InputError({.file = reader.path().string(),
                      .at = "column " + name,
                      .found = fmt::format("the highest scores are not those of the predicted classes, taken in the "
                                           "order {}",
                                           fmt::join(predicted.levels, ", ")),
                      .expected = "scores in the order of the classes",
                      .remedy = "say with --classes which class each score stands for"});
}

/// The class that the name of each score column ends with.
std::vector<std::string> classes_of_names(const AdjustSource& source, const RuleColumns& c, int threads) {
  const auto levels = levels_in_use(read_truth(source, c, threads));
  std::vector<std::string> classes;
  for (const std::string& name : c.scores) {
    const std::string* own = class_at_end(name, levels);
    classes.push_back(own ? *own : name);
  }
  return classes;
}

/// The classes that the scores stand for, in their order.
std::vector<std::string> known_classes(const AdjustSource& source, RuleColumns& c, int threads) {
  const TableReader reader = TableReader::open(source.run.predictions);
  if (c.scores.size() == 1 && !reader.holds_vectors(c.scores[0])) return two_classes(source, c, threads);
  if (!c.classes.empty()) return c.classes;
  if (c.scores.size() > 1) return classes_of_names(source, c, threads);
  const std::string predicted = task_of(c) + ".predicted";
  if (!reader.has(predicted))
    throw InputError({.file = source.run.predictions.string(),
                      .at = "column " + c.scores[0],
                      .found = "it is not said which class each score stands for",
                      .expected = "--classes A,B,C in the order of the scores",
                      .remedy = "name the classes"});
  const Factor factor = reader.read({{predicted, As::kFactor}}).factor(predicted);
  require_highest(reader, c.scores[0], factor);
  return factor.levels;
}

void require_different(const RuleColumns& c) {
  for (std::size_t i = 0; i < c.classes.size(); ++i)
    if (std::ranges::count(c.classes, c.classes[i]) > 1)
      throw InputError({.file = {},
                        .at = "--classes",
                        .found = fmt::format("two scores stand for the class \"{}\"", c.classes[i]),
                        .expected = "one score per class",
                        .remedy = "name different columns, or say with --classes which class each stands for"});
}

void require_classes_of_truth(const AdjustSource& source, const RuleColumns& c, int threads) {
  for (const std::string& level : levels_in_use(read_truth(source, c, threads)))
    if (std::ranges::find(c.classes, level) == c.classes.end())
      throw InputError({.file = source.run.predictions.string(),
                        .at = "column " + c.truth,
                        .found = fmt::format("the class \"{}\" has no score", level),
                        .expected = fmt::format("one of {}", fmt::join(c.classes, ", ")),
                        .remedy = "say with --classes which class each score stands for, in the order of --scores"});
}

void read_scores(AdjustRows& rows, const TableReader& reader, const RuleColumns& c) {
  if (c.scores.size() == 1 && reader.holds_vectors(c.scores[0])) {
    const table::Table table = reader.read({{c.scores[0]}});
    const auto& vectors = table.vectors(c.scores[0]);
    rows.width = static_cast<std::size_t>(vectors.width);
    rows.scores.assign(vectors.values.begin(), vectors.values.end());
  } else {
    std::vector<ColumnRequest> wanted;
    for (const std::string& name : c.scores) wanted.push_back({name, As::kReal});
    const table::Table table = reader.read(wanted);
    rows.width = c.scores.size();
    rows.scores.resize(rows.rows() * rows.width);
    for (std::size_t k = 0; k < rows.width; ++k) {
      const auto& values = table.reals(c.scores[k]);
      for (std::size_t i = 0; i < values.size(); ++i) rows.scores[i * rows.width + k] = values[i];
    }
  }
  const std::size_t expected = rows.width == 1 ? 2 : rows.width;
  if (rows.rows() > 0 && c.classes.size() != expected)
    throw InputError({.file = rows.file.string(),
                      .at = "column " + c.scores[0],
                      .found = fmt::format("{} scores a row", rows.width),
                      .expected = fmt::format("{} classes: {}", c.classes.size(), fmt::join(c.classes, ", ")),
                      .remedy = "name as many --classes as there are scores, in their order"});
}

void require_scores(const AdjustRows& rows, const RuleColumns& c) {
  // Room for probabilities that were rounded to two digits.
  constexpr double kRounding = 0.03;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    if (!rows.has_scores(i)) continue;
    const auto s = rows.row(i);
    const auto refuse = [&](std::string found, const char* expected, const char* remedy) {
      throw InputError({.file = rows.file.string(),
                        .at = fmt::format("row {}, column {}", rows.first_row + static_cast<std::int64_t>(i),
                                          fmt::join(c.scores, ",")),
                        .found = std::move(found),
                        .expected = expected,
                        .remedy = remedy});
    };
    if (const auto bad = std::ranges::find_if(s, [](double v) { return std::isinf(v); }); bad != s.end())
      refuse(fmt::format("{}", *bad), "a finite score, or an empty cell where there is none", "correct the cell");
    if (c.kind != ScoreKind::kProbability) continue;
    const char* remedy = "say --score-kind logit, or --score-kind rank for other scores of two classes";
    if (const auto bad = std::ranges::find_if(s, [](double v) { return v < 0 || v > 1; }); bad != s.end())
      refuse(fmt::format("{}", *bad), "a probability from 0 to 1", remedy);
    if (const double sum = std::accumulate(s.begin(), s.end(), 0.0); s.size() > 1 && std::abs(sum - 1) > kRounding)
      refuse(fmt::format("the probabilities add up to {:.4g}", sum), "a sum of 1", remedy);
  }
}

std::vector<double> read_weights(const TableReader& reader, const std::string& name, const AdjustRows& rows) {
  auto weights = reader.read({{name, As::kReal}}).reals(name);
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (!std::isfinite(weights[i]) || weights[i] < 0)
      throw InputError({.file = rows.file.string(),
                        .at = fmt::format("row {}, column {}", rows.first_row + static_cast<std::int64_t>(i), name),
                        .found = fmt::format("a weight of {}", weights[i]),
                        .expected = "a number of at least 0",
                        .remedy = "correct the cell"});
  return weights;
}

}  // namespace

RuleColumns resolved_columns(RuleColumns c, AdjustSource& source, int threads) {
  fill_from_run(c, source);
  const std::string file = source.run.predictions.string();
  if (c.scores.empty())
    throw InputError({.file = file,
                      .at = {},
                      .found = "it is not said which columns hold the scores",
                      .expected = "--score COLUMN (two classes), or --scores A,B,C (one column per class)",
                      .remedy = "for example --id file --truth label --score p --positive yes --by race,gender"});
  if (c.truth.empty()) c.truth = task_of(c);
  if (c.truth.empty())
    throw InputError({.file = file,
                      .at = "--truth",
                      .found = "it is not said which column holds the true class",
                      .expected = "--truth COLUMN",
                      .remedy = "name the column of the annotated class"});
  if (c.predicted.empty()) c.predicted = task_of(c).empty() ? "predicted" : task_of(c) + ".predicted";
  c.classes = known_classes(source, c, threads);
  require_different(c);
  require_classes_of_truth(source, c, threads);
  return c;
}

AdjustRows read_adjust_rows(const AdjustSource& source, const RuleColumns& c, const AdjustNeeds& needs, int threads) {
  const TableReader reader = TableReader::open(source.run.predictions);
  AdjustRows rows{.file = source.run.predictions, .first_row = reader.first_row()};
  const table::Table ids = reader.read({{c.id, As::kText}}), keys = reader.read({{c.id, As::kKey}});
  require_unique(ordered(keys.keys(c.id), threads), {rows.file, c.id});
  rows.ids = ids.texts(c.id);
  read_scores(rows, reader, c);
  require_scores(rows, c);
  const auto factor = [&](const std::string& name) { return labels_in(reader, name, source); };
  if (reader.has(c.predicted)) rows.predicted = with_levels(factor(c.predicted), c.classes);
  if (!needs.weight.empty()) rows.weight = read_weights(reader, needs.weight, rows);

  std::vector<Factor> attributes;
  if (!source.data.empty() && (needs.truth || needs.groups)) {
    DataColumns columns;
    if (needs.truth) columns.tasks = {c.truth};
    if (needs.groups) columns.attributes = c.by;
    const DataRows data = data_of(source, columns, c.id, threads);
    if (needs.truth) rows.truth = with_levels(data.truth.front(), c.classes);
    attributes = data.attributes;
  } else {
    if (needs.truth) rows.truth = with_levels(factor(c.truth), c.classes);
    if (needs.groups)
      for (const std::string& name : c.by) attributes.push_back(factor(name));
  }
  if (!attributes.empty()) rows.group = cross(attributes);
  return rows;
}

}  // namespace evenface::study
