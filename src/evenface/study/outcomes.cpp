#include "evenface/study/outcomes.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/study/agreement.h"
#include "evenface/study/coverage.h"
#include "evenface/study/loss_words.h"
#include "evenface/study/row_words.h"
#include "evenface/study/run_scores.h"
#include "evenface/study/votes.h"
#include "evenface/table/manifest.h"

namespace evenface::study {
namespace {
using table::Factor;

/// Fills in what our own run folders know: tasks, prediction columns and the data set.
OutcomeColumns resolved(OutcomeColumns columns, const std::vector<RunSource>& runs) {
  if (!columns.predicted.empty()) return columns;
  const auto known = std::ranges::find_if(runs, [](const RunSource& r) { return r.folder.has_value(); });
  if (known == runs.end())
    throw InputError(
        {.file = runs.front().predictions.string(),
         .at = {},
         .found = "it is not said which columns hold truth and prediction",
         .expected = "--truth COLUMN and --predicted COLUMN (several, separated by commas, for several tasks)",
         .remedy = "for example --id file --truth label --predicted pred --by race,gender"});
  const RunDescription run = describe_run(*known);
  if (columns.data.empty()) columns.data = run.data;
  columns.truth = run.tasks;
  for (const std::string& task : run.tasks) columns.predicted.push_back(task + ".predicted");
  if (columns.scores.empty() && run.scores)
    for (const std::string& task : run.tasks) columns.scores.push_back(task + ".scores");
  if (columns.by.empty()) columns.by = {run.tasks};
  return columns;
}

/// Adds the crossings that conditions name, unless one of the same attributes is there.
OutcomeColumns with_further_crossings(OutcomeColumns columns) {
  const auto sorted = [](std::vector<std::string> names) {
    std::ranges::sort(names);
    return names;
  };
  for (const auto& names : columns.also_by)
    if (std::ranges::none_of(columns.by, [&](const auto& own) { return sorted(own) == sorted(names); }))
      columns.by.push_back(names);
  return columns;
}

void require_columns(const OutcomeColumns& c) {
  if (c.truth.size() != c.predicted.size())
    throw InputError({.file = {},
                      .at = "--truth, --predicted",
                      .found = fmt::format("{} true and {} predicted columns", c.truth.size(), c.predicted.size()),
                      .expected = "one of each per task, in the same order",
                      .remedy = "name a --truth column for every --predicted column"});
  if (c.by.empty())
    throw InputError({.file = {},
                      .at = "--by",
                      .found = "no attribute to group by",
                      .expected = "one or more columns, e.g. --by race,gender",
                      .remedy = "name the columns whose crossing makes the groups"});
  if (!c.votes.empty() && (c.numeric || c.truth.size() != 1))
    throw InputError(
        {.file = {},
         .at = "--votes",
         .found = c.numeric ? "truth and prediction are numbers" : fmt::format("truth of {} tasks", c.truth.size()),
         .expected = "a single task, of classes that annotators voted for",
         .remedy = "judge that task alone, by a metric of classes"});
}

/// A file that is given twice would pass for two trainings that came to the same.
void require_distinct(const std::vector<RunSource>& runs) {
  for (std::size_t i = 0; i < runs.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (std::error_code error; std::filesystem::equivalent(runs[i].predictions, runs[j].predictions, error))
        throw InputError({.file = runs[i].predictions.string(),
                          .at = {},
                          .found = "the file is given twice as a run",
                          .expected = "the predictions of another training run",
                          .remedy = "name each run once"});
}

/// The positions of the rows that every run has, per run.
std::vector<std::vector<std::uint32_t>> join(const std::vector<RunRows>& runs) {
  std::vector<const table::Keys*> ids;
  for (const RunRows& run : runs) ids.push_back(&run.ids);
  auto common = common_positions(ids);
  if (common.front().empty())
    throw InputError(
        {.file = runs.back().file().string(),
         .at = {},
         .found = fmt::format("no id is in common with {}: \"{}\" here, \"{}\" there", runs.front().file().string(),
                              first_id(runs.back().id_column), first_id(runs.front().id_column)),
         .expected = "the same ids in all files",
         .remedy = "name the column of the ids with --id, and write them alike"});
  return common;
}

/// Truth, attributes and the like of the common rows, from the first run's file.
void take_from_file(RunRows& first, const OutcomeColumns& columns, Outcomes& o) {
  o.truth = std::move(first.truth), o.attributes = std::move(first.attributes);
  o.true_values = std::move(first.true_values);
  o.weights = std::move(first.weights), o.person = std::move(first.person), o.votes = std::move(first.votes);
  const auto names = attributes_of(columns);
  for (std::size_t i = 0; i < names.size(); ++i) o.attributes[i].name = names[i];
}

/// The same from the data set; what the first run's file says of weights, persons and votes goes before it.
DataColumns data_columns(const OutcomeColumns& columns, const RunRows& first) {
  DataColumns wanted{.tasks = columns.truth,
                     .attributes = attributes_of(columns),
                     .numeric = columns.numeric,
                     .missing = columns.missing};
  if (first.weights.empty()) wanted.weight = columns.weight;
  if (first.person.rows() == 0) wanted.person = columns.person;
  if (!first.votes.known()) wanted.votes = columns.votes;
  const table::Manifest manifest = table::Manifest::open(columns.data);
  if (columns.person.empty() && manifest.reader().has("person")) wanted.person = "person";
  if (columns.votes.empty() && !columns.numeric && columns.truth.size() == 1)
    if (const std::string votes = "votes." + columns.truth.front(); manifest.reader().has(votes))
      wanted.votes = {votes};
  return wanted;
}

void take_from_data(DataRows data, RunRows& first, const OutcomeColumns& columns, Outcomes& o) {
  o.truth = std::move(data.truth), o.attributes = std::move(data.attributes);
  o.true_values = std::move(data.true_values);
  o.weights = std::move(first.weights.empty() ? data.weights : first.weights);
  o.person = std::move(first.person.rows() == 0 ? data.person : first.person);
  o.votes = std::move(first.votes.known() ? first.votes : data.votes);
  const auto names = attributes_of(columns);
  for (std::size_t i = 0; i < names.size(); ++i) o.attributes[i].name = names[i];
  const std::int32_t train = data.split.code_of("train").value_or(Factor::kMissing - 1);
  o.rows_seen_in_training = std::ranges::count(data.split.codes, train);
}

void cross_attributes(const OutcomeColumns& columns, int threads, Outcomes& o) {
  for (const auto& names : columns.by) {
    Crossing crossing{.names = names};
    for (const std::string& name : names)
      crossing.attributes.push_back(
          static_cast<std::size_t>(std::ranges::find(o.attributes, name, &Factor::name) - o.attributes.begin()));
    crossing.group = group_of(o.attributes, crossing.attributes, threads);
    o.crossings.push_back(std::move(crossing));
  }
}

/// The rows whose truth is missing, ascending.
std::vector<std::uint32_t> rows_without_truth(const Outcomes& o) {
  std::vector<std::uint32_t> rows;
  const auto add = [&](const auto& values, auto missing) {
    for (std::size_t row = 0; row < values.size(); ++row)
      if (missing(values[row])) rows.push_back(static_cast<std::uint32_t>(row));
  };
  for (const Factor& f : o.truth) add(f.codes, [](std::int32_t code) { return code < 0; });
  for (const auto& values : o.true_values) add(values, [](double v) { return std::isnan(v); });
  std::ranges::sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

void keep_rows(Outcomes& o, std::span<const std::uint32_t> kept, int threads) {
  const auto keep = [&](auto& column) { column = taken(column, kept, threads); };
  const auto keep_all = [&](auto& columns) {
    for (auto& column : columns) keep(column);
  };
  keep(o.keys), keep(o.checks), keep_all(o.truth), keep_all(o.attributes), keep_all(o.true_values);
  keep_all(o.votes.of);
  for (Crossing& c : o.crossings) keep(c.group);
  for (auto& run : o.predicted) keep_all(run);
  for (auto& run : o.predicted_values) keep_all(run);
  for (auto& run : o.scores) keep_all(run);
  if (!o.has_scores.empty()) keep(o.has_scores);
  if (!o.weights.empty()) keep(o.weights);
  if (o.person.rows() > 0) keep(o.person);
}

/// The coverage of each row's group.
class CoverageOfRows {
 public:
  explicit CoverageOfRows(Outcomes& o) : o_(o), at_(o.group().levels.size()) {
    for (std::size_t g = 0; g < at_.size(); ++g)
      at_[g] = std::ranges::find(o.coverage, o.group().levels[g], &GroupCoverage::name) - o.coverage.begin();
  }
  GroupCoverage& operator[](std::size_t row) const {
    return o_.coverage[static_cast<std::size_t>(at_[static_cast<std::size_t>(o_.group().codes[row])])];
  }

 private:
  Outcomes& o_;
  std::vector<std::ptrdiff_t> at_;  // a level without rows has none
};

/// Drops the rows whose truth is missing, and counts them by group.
void keep_judgeable(Outcomes& o, int threads) {
  const std::vector<std::uint32_t> dropped = rows_without_truth(o);
  o.rows_without_truth = std::ssize(dropped);
  if (dropped.empty()) return;
  require(o.rows_without_truth < o.rows(), "every row misses its truth");
  const CoverageOfRows coverage(o);
  for (const std::uint32_t row : dropped) ++coverage[row].without_truth;
  keep_rows(o, others(o.rows(), dropped), threads);
}

/// Of several runs that predict numbers: drops the rows that lack one in some run, as if they were not in its file, so
/// that all runs are judged on the same rows. (A class that was not predicted is a wrong one.)
void keep_predicted_by_all(Outcomes& o, int threads) {
  if (o.predicted_values.empty() || o.runs() == 1) return;
  const CoverageOfRows coverage(o);
  std::vector<std::uint32_t> dropped;
  for (std::size_t row = 0; row < o.keys.size(); ++row) {
    int of_arm[2] = {0, 0};  // runs that have a number
    for (int run = 0; run < o.runs(); ++run)
      of_arm[run >= o.runs_before] += std::ranges::none_of(o.predicted_values[static_cast<std::size_t>(run)],
                                                           [row](const auto& task) { return std::isnan(task[row]); });
    if (of_arm[0] + of_arm[1] == o.runs()) continue;
    dropped.push_back(static_cast<std::uint32_t>(row));
    GroupCoverage& group = coverage[row];
    --group.common;
    if (of_arm[0] > 0 && of_arm[1] == 0) ++group.only_before, ++o.rows_only_before;
    else if (of_arm[0] == 0 && of_arm[1] > 0) ++group.only_after, ++o.rows_only_after;
    else ++group.in_some, ++o.rows_in_some;
  }
  if (dropped.empty()) return;
  require(dropped.size() < o.keys.size(), "no row has a number in every run: name other columns or files");
  o.notes.push_back(rows_that(std::ssize(dropped), " without a number in every run", "was", "were") + " left out.");
  keep_rows(o, others(o.rows(), dropped), threads);
}

/// Marks the rows that lack scores in some run, and counts them by group.
void mark_scored(Outcomes& o) {
  std::vector<std::uint8_t> scored(o.keys.size(), 1);
  for (const auto& run : o.scores)
    for (const Scores& scores : run)
      for (std::size_t row = 0; row < scored.size(); ++row) scored[row] &= has_scores(scores, row);
  o.rows_without_scores = std::ranges::count(scored, 0);
  if (o.rows_without_scores == 0) return;
  require(o.rows_without_scores < o.rows(), "no row has scores in every run: name other columns or files");
  const CoverageOfRows coverage(o);
  for (std::size_t row = 0; row < scored.size(); ++row)
    if (!scored[row]) ++coverage[row].without_scores;
  o.has_scores = std::move(scored);
}

void scale_weights(Outcomes& o) {
  if (o.weights.empty()) return;
  const double sum = std::accumulate(o.weights.begin(), o.weights.end(), 0.0);
  require(std::isfinite(sum) && sum > 0, "the weights of the judged rows must have a finite sum above 0", sum);
  const double scale = static_cast<double>(o.rows()) / sum;
  for (double& w : o.weights) w *= scale;
}

/// Says which rows are not in the files of all runs; of rows in one arm alone a comparison says so itself.
void note_rows_left_out(Outcomes& o) {
  const std::int64_t lost = o.rows_in_some + (o.runs_after == 0 ? o.rows_only_before + o.rows_only_after : 0);
  if (lost == 0) return;
  const auto share_lost = [](const GroupCoverage& g) {
    return static_cast<double>(g.all() - g.common) / static_cast<double>(g.all());
  };
  const GroupCoverage& most = *std::ranges::max_element(o.coverage, {}, share_lost);
  o.notes.push_back(rows_that(lost, " that not every file has", "was", "were") +
                    fmt::format(" left out; most of {}: {} of {}.", most.name, most.all() - most.common, most.all()));
}

struct Joined {
  Outcomes outcomes;
  std::vector<Factor> unpredicted;  ///< DataRows::unpredicted, where all files have the same rows
};

/// Joins the runs' rows: what is common to all of them, and what fell out.
Joined joined(std::vector<RunRows> runs, const OutcomeColumns& columns, std::size_t runs_before, int threads) {
  LostRows lost;
  if (runs.size() > 1) {
    const auto common = join(runs);
    lost = lost_rows(runs, runs_before, common, columns);
    for (std::size_t r = 0; r < runs.size(); ++r)
      if (common[r].size() < runs[r].ids.keys.size()) runs[r] = taken(runs[r], common[r], threads);
  }

  std::vector<Factor> unpredicted;
  Outcomes o{.tasks = columns.truth};
  o.data = columns.data;
  o.runs_before = static_cast<int>(runs_before), o.runs_after = static_cast<int>(runs.size() - runs_before);
  for (const RunRows& run : runs) o.files.push_back(run.file());
  o.id = columns.id;
  for (std::size_t r = 1; r < runs.size(); ++r) require_same_truth(runs[0], runs[r], columns);
  for (RunRows& run : runs) {
    if (!run.scores.empty()) o.scores.push_back(std::move(run.scores));
    if (columns.numeric) o.predicted_values.push_back(std::move(run.predicted_values));
    else o.predicted.push_back(std::move(run.predicted));
  }
  if (columns.data.empty()) {
    take_from_file(runs[0], columns, o);
    cross_attributes(columns, threads, o);
    count_coverage(lost, o);
  } else {
    std::vector<IdColumn> sources;
    for (const RunRows& run : runs) sources.push_back(run.id_column);
    const DataColumns wanted = data_columns(columns, runs[0]);
    DataRows data = read_data(columns.data, wanted, runs[0].ids, sources, threads);
    if (lost.arms.empty()) unpredicted = std::move(data.unpredicted);
    take_from_data(std::move(data), runs[0], columns, o);
    cross_attributes(columns, threads, o);
    LostRows known = lost;
    if (!lost.arms.empty()) {
      const auto attributes = read_data(columns.data, wanted, lost.ids, sources, threads).attributes;
      known.group = group_of(attributes, o.crossings.front().attributes, threads);
    }
    count_coverage(known, o);
  }
  o.keys = std::move(runs[0].ids.keys), o.checks = std::move(runs[0].ids.checks);
  return {std::move(o), std::move(unpredicted)};
}

}  // namespace

std::vector<std::vector<std::string>> crossings_of(const std::vector<std::string>& texts) {
  std::vector<std::vector<std::string>> crossings;
  for (const std::string& text : texts) {
    std::vector<std::string> names;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find_first_of(",*", begin), text.size());
      const std::string part = text.substr(begin, end - begin);
      const std::size_t first = part.find_first_not_of(' '), last = part.find_last_not_of(' ');
      names.push_back(first == std::string::npos ? "" : part.substr(first, last + 1 - first));
      begin = end + 1;
    }
    for (std::size_t i = 0; i < names.size(); ++i)
      if (names[i].empty() || std::ranges::count(names, names[i]) > 1)
        throw InputError(
            {.file = {},
             .at = "--by " + text,
             .found = names[i].empty() ? "a name is empty" : fmt::format("\"{}\" is crossed with itself", names[i]),
             .expected = "different columns separated by commas, e.g. --by race,gender",
             .remedy = "repeat --by for another grouping: --by race,gender --by race"});
    if (std::ranges::find(crossings, names) == crossings.end()) crossings.push_back(std::move(names));
  }
  return crossings;
}

Outcomes load_outcomes(const std::vector<RunSource>& before, const std::vector<RunSource>& after,
                       const OutcomeColumns& given, const Context& context) {
  require_distinct(before), require_distinct(after);
  std::vector<RunSource> sources = before;
  sources.insert(sources.end(), after.begin(), after.end());
  const OutcomeColumns columns = with_further_crossings(resolved(given, sources));
  require_columns(columns);

  std::vector<RunRows> runs;
  std::vector<std::vector<std::vector<std::string>>> score_classes;
  const bool alone = sources.size() == 1 && columns.data.empty();
  for (const RunSource& source : sources) {
    runs.push_back(read_run(source, columns, columns.data.empty(), alone, context.threads));
    score_classes.push_back(runs.back().score_classes);
  }
  auto [o, unpredicted] = joined(std::move(runs), columns, before.size(), context.threads);
  note_rows_left_out(o);
  keep_judgeable(o, context.threads);
  keep_predicted_by_all(o, context.threads);
  mark_scored(o);
  scale_weights(o);
  align_classes(sources, columns, score_classes, o);
  align_votes(o);
  note_unpredicted(unpredicted, o);
  note_what_is_missing(sources, columns, o);
  return std::move(o);
}

bool has_scores(const Scores& scores, std::size_t row) {
  const auto width = static_cast<std::size_t>(scores.width);
  return std::ranges::none_of(std::span(scores.values).subspan(row * width, width),
                              [](double score) { return std::isnan(score); });
}

Outcomes rows_with_scores(const Outcomes& outcomes, int threads) {
  Outcomes some = outcomes;
  if (outcomes.has_scores.empty()) return some;
  std::vector<std::uint32_t> rows;
  for (std::size_t row = 0; row < outcomes.has_scores.size(); ++row)
    if (outcomes.has_scores[row]) rows.push_back(static_cast<std::uint32_t>(row));
  keep_rows(some, rows, threads);
  some.has_scores.clear();
  scale_weights(some);
  return some;
}

}  // namespace evenface::study
