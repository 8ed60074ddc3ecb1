#include "evenface/study/outcomes.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/random.h"
#include "evenface/study/run_rows.h"
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
  if (columns.by.empty()) columns.by = run.tasks;
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
}

std::vector<std::string> levels_in_use(const std::vector<const Factor*>& factors) {
  std::vector<std::string> levels;
  for (const Factor* f : factors)
    for (const std::string& level : f->levels)
      if (std::ranges::find(levels, level) == levels.end()) levels.push_back(level);
  return levels;
}

/// Row numbers of the ids that every run has, per run; ids sorted.
struct Join {
  std::vector<std::string> ids;
  std::vector<std::vector<std::int64_t>> rows;  // [run][common row]
};

Join join(const std::vector<RunRows>& runs) {
  std::vector<std::unordered_map<std::string_view, std::int64_t>> row_of(runs.size());
  for (std::size_t r = 0; r < runs.size(); ++r)
    for (std::size_t i = 0; i < runs[r].ids.size(); ++i)
      row_of[r].emplace(runs[r].ids[i], static_cast<std::int64_t>(i));
  Join j;
  for (const std::string& id : runs.front().ids)
    if (std::ranges::all_of(row_of, [&](const auto& known) { return known.contains(id); })) j.ids.push_back(id);
  std::ranges::sort(j.ids);
  for (const auto& known : row_of) {
    std::vector<std::int64_t> rows;
    for (const std::string& id : j.ids) rows.push_back(known.at(id));
    j.rows.push_back(std::move(rows));
  }
  if (j.ids.empty())
    throw InputError(
        {.file = runs.back().file.string(),
         .at = {},
         .found = fmt::format("no id is in common with {}: \"{}\" here, \"{}\" there", runs.front().file.string(),
                              runs.back().ids.empty() ? "" : runs.back().ids.front(),
                              runs.front().ids.empty() ? "" : runs.front().ids.front()),
         .expected = "the same ids in all files",
         .remedy = "name the column of the ids with --id, and write them alike"});
  return j;
}

void require_same_truth(const RunRows& a, const std::vector<std::int64_t>& rows_a, const RunRows& b,
                        const std::vector<std::int64_t>& rows_b, const OutcomeColumns& columns) {
  const auto compare = [&](const std::vector<Factor>& x, const std::vector<Factor>& y,
                           const std::vector<std::string>& names) {
    for (std::size_t t = 0; t < x.size(); ++t)
      for (std::size_t i = 0; i < rows_a.size(); ++i)
        if (x[t].level_at(rows_a[i]) != y[t].level_at(rows_b[i]))
          throw InputError(
              {.file = b.file.string(),
               .at = fmt::format("row {}, column {}", b.number_of(static_cast<std::size_t>(rows_b[i])), names[t]),
               .found = fmt::format("\"{}\" for the id \"{}\"", y[t].level_at(rows_b[i]),
                                    b.ids[static_cast<std::size_t>(rows_b[i])]),
               .expected = fmt::format("\"{}\", as in {}", x[t].level_at(rows_a[i]), a.file.string()),
               .remedy = "both files must hold the same truth and groups for the same row"});
  };
  compare(a.truth, b.truth, columns.truth);
  compare(a.attributes, b.attributes, columns.by);
}

/// The ids that occur in any run of an arm but are not common to all runs.
std::vector<std::string> fallen_out(const std::vector<RunRows>& runs, std::size_t first, std::size_t last,
                                    const std::vector<std::string>& common) {
  std::vector<std::string> ids;
  for (std::size_t r = first; r < last; ++r)
    for (const std::string& id : runs[r].ids)
      if (!std::ranges::binary_search(common, id)) ids.push_back(id);
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

/// Per group: the share of all rows seen in any run that every run has.
std::map<std::string, double> common_shares(const std::vector<RunRows>& runs, const Outcomes& o,
                                            const OutcomeColumns& columns) {
  std::vector<std::string> lost = fallen_out(runs, 0, runs.size(), o.ids);
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> seen;  // common, all
  for (std::int64_t row = 0; row < o.rows(); ++row) ++seen[std::string(o.group.level_at(row))].first;
  for (auto& [name, counts] : seen) counts.second = counts.first;
  if (!lost.empty()) {
    Factor group;
    if (!columns.data.empty()) {
      group = cross(read_data(columns.data, columns.truth, columns.by, lost).attributes);
    } else {
      group.codes.assign(lost.size(), Factor::kMissing);
      for (const RunRows& run : runs) {
        const Factor own = cross(run.attributes);
        group.levels = levels_in_use({&group, &own});
        for (std::size_t i = 0; i < run.ids.size(); ++i) {
          const auto at = std::ranges::lower_bound(lost, run.ids[i]);
          if (at == lost.end() || *at != run.ids[i]) continue;
          group.codes[static_cast<std::size_t>(at - lost.begin())] =
              group.code_of(own.level_at(static_cast<std::int64_t>(i))).value_or(Factor::kMissing);
        }
      }
    }
    for (std::int64_t i = 0; i < group.rows(); ++i)
      if (const auto name = group.level_at(i); !name.empty()) ++seen[std::string(name)].second;
  }
  std::map<std::string, double> share;
  for (const auto& [name, counts] : seen)
    share[name] = static_cast<double>(counts.first) / static_cast<double>(counts.second);
  return share;
}

/// Drops the rows whose truth or group is missing.
void keep_judgeable(Outcomes& o) {
  std::vector<std::int64_t> kept;
  for (std::int64_t row = 0; row < o.rows(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    const bool whole =
        o.group.codes[i] >= 0 && std::ranges::all_of(o.truth, [&](const Factor& f) { return f.codes[i] >= 0; });
    if (whole) kept.push_back(row);
  }
  o.rows_without_truth = o.rows() - static_cast<std::int64_t>(kept.size());
  if (o.rows_without_truth == 0) return;
  require(!kept.empty(), "every row misses its truth or its group");
  for (Factor& f : o.truth) f = take(f, kept);
  for (Factor& f : o.attributes) f = take(f, kept);
  o.group = take(o.group, kept);
  for (auto& run : o.predicted)
    for (Factor& f : run) f = take(f, kept);
  std::vector<std::string> ids;
  for (const std::int64_t row : kept) ids.push_back(std::move(o.ids[static_cast<std::size_t>(row)]));
  o.ids = std::move(ids);
}

/// Gives truth and every run's prediction of a task the same levels: the true ones first.
void align_levels(Outcomes& o) {
  for (std::size_t t = 0; t < o.tasks.size(); ++t) {
    std::vector<const Factor*> all{&o.truth[t]};
    for (const auto& run : o.predicted) all.push_back(&run[t]);
    const auto levels = levels_in_use(all);
    o.truth[t] = with_levels(o.truth[t], levels);
    for (auto& run : o.predicted) run[t] = with_levels(run[t], levels);
  }
}

}  // namespace

stats::Pattern Outcomes::pattern(std::int64_t row) const {
  const auto i = static_cast<std::size_t>(row);
  stats::Pattern pattern = 0;
  for (std::size_t run = 0; run < predicted.size(); ++run) {
    bool right = true;
    for (std::size_t t = 0; t < truth.size(); ++t) right = right && predicted[run][t].codes[i] == truth[t].codes[i];
    if (right) pattern |= stats::Pattern{1} << run;
  }
  return pattern;
}

Outcomes load_outcomes(const std::vector<RunSource>& before, const std::vector<RunSource>& after,
                       const OutcomeColumns& given) {
  std::vector<RunSource> sources = before;
  sources.insert(sources.end(), after.begin(), after.end());
  const OutcomeColumns columns = resolved(given, sources);
  require_columns(columns);
  const bool truth_in_file = columns.data.empty();

  std::vector<RunRows> runs;
  for (const RunSource& source : sources) runs.push_back(read_run(source, columns, truth_in_file));
  Join joined = join(runs);

  Outcomes o{.tasks = columns.truth, .by = columns.by, .ids = std::move(joined.ids)};
  o.data = columns.data;
  o.runs_before = static_cast<int>(before.size());
  o.runs_after = static_cast<int>(after.size());
  if (truth_in_file) {
    for (std::size_t r = 1; r < runs.size(); ++r)
      require_same_truth(runs[0], joined.rows[0], runs[r], joined.rows[r], columns);
    for (const Factor& f : runs[0].truth) o.truth.push_back(take(f, joined.rows[0]));
    for (const Factor& f : runs[0].attributes) o.attributes.push_back(take(f, joined.rows[0]));
  } else {
    DataRows data = read_data(columns.data, columns.truth, columns.by, o.ids);
    o.truth = std::move(data.truth), o.attributes = std::move(data.attributes);
    const std::int32_t train = data.split.code_of("train").value_or(Factor::kMissing - 1);
    o.rows_seen_in_training = std::ranges::count(data.split.codes, train);
  }
  for (std::size_t i = 0; i < columns.by.size(); ++i) o.attributes[i].name = columns.by[i];
  o.group = cross(o.attributes);
  for (std::size_t r = 0; r < runs.size(); ++r) {
    std::vector<Factor> predicted;
    for (const Factor& f : runs[r].predicted) predicted.push_back(take(f, joined.rows[r]));
    o.predicted.push_back(std::move(predicted));
  }
  o.rows_only_before = static_cast<std::int64_t>(fallen_out(runs, 0, before.size(), o.ids).size());
  o.rows_only_after = static_cast<std::int64_t>(fallen_out(runs, before.size(), runs.size(), o.ids).size());
  o.common_share = common_shares(runs, o, columns);
  keep_judgeable(o);
  align_levels(o);
  return o;
}

stats::PairedCells cells_of(const Outcomes& o, int half) {
  stats::PairedCells cells(o.group.level_count(), o.runs_before, o.runs_after);
  for (std::int64_t row = 0; row < o.rows(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    if (half >= 0 && static_cast<int>(key_of(o.ids[i]) & 1) != half) continue;
    cells.add(o.group.codes[i], o.pattern(row));
  }
  return cells;
}

std::vector<std::vector<std::int64_t>> confusion_of(const Outcomes& o, std::size_t task, int first, int last) {
  const Factor& truth = o.truth[task];
  const auto k = static_cast<std::size_t>(truth.level_count());
  std::vector<std::vector<std::int64_t>> counts(k, std::vector<std::int64_t>(k));
  for (int run = first; run < last; ++run) {
    const Factor& predicted = o.predicted[static_cast<std::size_t>(run)][task];
    for (std::size_t i = 0; i < truth.codes.size(); ++i)
      if (predicted.codes[i] >= 0)
        ++counts[static_cast<std::size_t>(truth.codes[i])][static_cast<std::size_t>(predicted.codes[i])];
  }
  return counts;
}

}  // namespace evenface::study
