#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/parallel.h"
#include "evenface/core/random.h"
#include "evenface/study/outcomes.h"

// Counts of outcomes: by chunks of rows on several threads, added up in order.
namespace evenface::study {
namespace {
using stats::Cells;
using stats::PairedCells;
using table::Factor;

constexpr std::int64_t kChunkRows = 1 << 18, kBlockRows = 1 << 15;

/// Whether the row belongs to the half (0 or 1), or to all (-1). A person's rows stay in one half.
bool in_half(const Outcomes& o, std::size_t row, int half) {
  if (half < 0) return true;
  const std::int32_t person = o.person.rows() > 0 ? o.person.codes[row] : table::Factor::kMissing;
  const std::uint64_t key = person < 0 ? o.keys[row] : key_of(o.person.levels[static_cast<std::size_t>(person)]);
  return static_cast<int>(key & 1) == half;
}

using Codes = std::span<const std::int32_t>;

/// The codes of some tasks' factors crossed, of rows [begin, end); missing where any is. Those of one factor are
/// not copied into `codes`.
Codes cross_codes(const std::vector<const Factor*>& factors, std::int64_t begin, std::int64_t end,
                  std::vector<std::int32_t>& codes) {
  const auto rows = static_cast<std::size_t>(end - begin);
  if (factors.size() == 1) return {factors.front()->codes.data() + begin, rows};
  codes.assign(rows, 0);
  for (const Factor* f : factors) {
    const std::int32_t* const own = f->codes.data() + begin;
    const std::int32_t levels = f->level_count();
    for (std::size_t i = 0; i < codes.size(); ++i)
      codes[i] = codes[i] < 0 || own[i] < 0 ? Factor::kMissing : codes[i] * levels + own[i];
  }
  return codes;
}

std::vector<const Factor*> some_of(const std::vector<Factor>& tasks, std::optional<std::size_t> task) {
  std::vector<const Factor*> some;
  for (std::size_t t = 0; t < tasks.size(); ++t)
    if (!task || *task == t) some.push_back(&tasks[t]);
  return some;
}

/// How many levels the factors crossed have; 1 of none.
std::int64_t levels_of(const std::vector<const Factor*>& factors) {
  return std::accumulate(factors.begin(), factors.end(), std::int64_t{1},
                         [](std::int64_t product, const Factor* f) { return product * f->level_count(); });
}

/// Groups, classes and weights of a block of rows, as the cells take them.
class Block {
 public:
  Block(const Outcomes& o, const std::vector<const Factor*>& group, std::optional<std::size_t> task)
      : o_(o), group_(group), truth_(some_of(o.truth, task)) {
    for (const auto& run : o.predicted) predicted_.push_back(some_of(run, task));
    crossed_.resize(predicted_.size() + 2);
  }

  /// The rows of [begin, end) that belong to the half (0 or 1), or all (-1).
  const Cells::Rows& of(std::int64_t begin, std::int64_t end, int half) {
    rows_.group = cross_codes(group_, begin, end, crossed_[0]);
    rows_.truth = cross_codes(truth_, begin, end, crossed_[1]);
    rows_.predicted.resize(predicted_.size());
    for (std::size_t run = 0; run < predicted_.size(); ++run)
      rows_.predicted[run] = cross_codes(predicted_[run], begin, end, crossed_[run + 2]);
    if (!o_.weights.empty())
      rows_.weights = std::span(o_.weights).subspan(static_cast<std::size_t>(begin), rows_.group.size());
    if (half >= 0) keep(begin, half);
    return rows_;
  }

 private:
  /// Leaves the rows of one half only.
  void keep(std::int64_t begin, int half) {
    kept_.clear();
    for (std::size_t i = 0; i < rows_.group.size(); ++i)
      if (in_half(o_, static_cast<std::size_t>(begin) + i, half)) kept_.push_back(i);
    const auto taken = [&](auto column, auto& room) {
      room.resize(column.size());
      for (std::size_t k = 0; k < kept_.size(); ++k) room[k] = column[kept_[k]];  // never ahead of what is read
      return column = std::span(room).first(kept_.size());
    };
    rows_.group = taken(rows_.group, crossed_[0]), rows_.truth = taken(rows_.truth, crossed_[1]);
    for (std::size_t run = 0; run < predicted_.size(); ++run)
      rows_.predicted[run] = taken(rows_.predicted[run], crossed_[run + 2]);
    if (!rows_.weights.empty()) rows_.weights = taken(rows_.weights, weights_);
  }

  const Outcomes& o_;
  std::vector<const Factor*> group_, truth_;
  std::vector<std::vector<const Factor*>> predicted_;  ///< [run]
  Cells::Rows rows_;
  std::vector<std::vector<std::int32_t>> crossed_;  ///< of group, truth and each run, where they had to be made
  std::vector<double> weights_;
  std::vector<std::size_t> kept_;
};

/// Adds rows to paired cells: by way of a plain table where the patterns are few.
class PatternCounts {
 public:
  explicit PatternCounts(PairedCells& cells) : cells_(cells) {
    constexpr int kFewRuns = 8;
    if (cells.runs() > kFewRuns) return;
    patterns_ = std::size_t{1} << cells.runs();
    counts_.resize(static_cast<std::size_t>(cells.groups()) * patterns_);
  }
  void add(std::int32_t group, stats::Pattern pattern) {
    if (patterns_ == 0) cells_.add(group, pattern);
    else ++counts_[static_cast<std::size_t>(group) * patterns_ + pattern];
  }
  void finish() {
    for (std::size_t i = 0; i < counts_.size(); ++i)
      if (counts_[i] > 0) cells_.add(static_cast<std::int64_t>(i / patterns_), i % patterns_, counts_[i]);
  }

 private:
  PairedCells& cells_;
  std::size_t patterns_ = 0;
  std::vector<std::int64_t> counts_;
};

}  // namespace

namespace {

/// Leaves the runs of one arm alone; the others, and the numbers of both, as outcomes with nothing else.
Outcomes leave_one_arm(Outcomes& o, stats::Arm arm) {
  const bool before = arm == stats::Arm::kBefore;
  Outcomes others{.runs_before = o.runs_before, .runs_after = o.runs_after};
  const auto set_aside = [&](auto& runs, auto& aside) {
    if (runs.empty()) return;
    const auto middle = runs.begin() + o.runs_before;
    const auto first = before ? middle : runs.begin(), last = before ? runs.end() : middle;
    aside.assign(std::make_move_iterator(first), std::make_move_iterator(last));
    runs.erase(first, last);
  };
  set_aside(o.predicted, others.predicted), set_aside(o.scores, others.scores);
  set_aside(o.predicted_values, others.predicted_values), set_aside(o.files, others.files);
  o.runs_before = before ? o.runs_before : o.runs_after, o.runs_after = 0;
  return others;
}

}  // namespace

OneArm::OneArm(Outcomes& o, stats::Arm arm) : outcomes_(o), arm_(arm), others_(leave_one_arm(o, arm)) {}

OneArm::~OneArm() {
  const auto put_back = [&](auto& runs, auto& others) {
    runs.insert(arm_ == stats::Arm::kBefore ? runs.end() : runs.begin(), std::make_move_iterator(others.begin()),
                std::make_move_iterator(others.end()));
  };
  put_back(outcomes_.predicted, others_.predicted), put_back(outcomes_.scores, others_.scores);
  put_back(outcomes_.predicted_values, others_.predicted_values), put_back(outcomes_.files, others_.files);
  outcomes_.runs_before = others_.runs_before, outcomes_.runs_after = others_.runs_after;
}

Outcomes arm_of(const Outcomes& o, stats::Arm arm) {
  Outcomes one = o;
  leave_one_arm(one, arm);
  return one;
}

Outcomes without_rows(const Outcomes& o) {
  const auto bare = [](const std::vector<Factor>& factors) {
    std::vector<Factor> names;
    for (const Factor& f : factors) names.push_back({f.name, f.levels, {}});
    return names;
  };
  Outcomes names{.tasks = o.tasks, .truth = bare(o.truth), .attributes = bare(o.attributes)};
  for (const Crossing& c : o.crossings)
    names.crossings.push_back({c.names, c.attributes, {c.group.name, c.group.levels, {}}});
  names.runs_before = o.runs_before, names.runs_after = o.runs_after;
  names.rows_only_before = o.rows_only_before, names.rows_only_after = o.rows_only_after;
  names.rows_in_some = o.rows_in_some, names.rows_without_truth = o.rows_without_truth;
  names.rows_without_prediction = o.rows_without_prediction, names.rows_without_scores = o.rows_without_scores;
  names.rows_seen_in_training = o.rows_seen_in_training;
  names.coverage = o.coverage, names.notes = o.notes, names.data = o.data;
  return names;
}

const std::string& group_name(const Outcomes& o, std::size_t crossing, std::int64_t group) {
  return o.crossings[crossing].group.levels[static_cast<std::size_t>(group)];
}

std::string chosen_names(const Outcomes& o, std::size_t crossing, std::pair<std::int64_t, std::int64_t> chosen) {
  const std::string& first = group_name(o, crossing, chosen.first);
  return chosen.first == chosen.second ? first
                                       : fmt::format("{} and {}", first, group_name(o, crossing, chosen.second));
}

std::vector<std::string> levels_of(const Outcomes& o, std::size_t crossing, std::int64_t group) {
  const auto& attributes = o.crossings[crossing].attributes;
  std::vector<std::string> levels(attributes.size());
  for (std::size_t i = attributes.size(); i-- > 0;) {
    const Factor& attribute = o.attributes[attributes[i]];
    levels[i] = attribute.levels[static_cast<std::size_t>(group % attribute.level_count())];
    group /= attribute.level_count();
  }
  return levels;
}

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

namespace {

/// Counts by `group`, which may be the true class.
PairedCells count_patterns(const Outcomes& o, const std::vector<const Factor*>& group, std::int64_t groups,
                           std::optional<std::size_t> task, const stats::Metric& metric, int half,
                           const Context& context) {
  ensure(!o.truth.empty(), "numbers are neither right nor wrong");
  ensure(is_paired(metric), "a metric whose rows the truth alone decides");
  const auto count = [&](std::int64_t first, std::int64_t last) {
    PairedCells cells(groups, o.runs_before, o.runs_after);
    PatternCounts counts(cells);
    Block block(o, group, task);
    std::vector<stats::Pattern> patterns;
    for (std::int64_t begin = first; begin < last; begin += kBlockRows) {
      const Cells::Rows& rows = block.of(begin, std::min(last, begin + kBlockRows), half);
      patterns.assign(rows.truth.size(), 0);
      for (std::size_t run = 0; run < rows.predicted.size(); ++run)
        for (std::size_t i = 0; i < patterns.size(); ++i)
          patterns[i] |= stats::Pattern{is_success(metric, rows.truth[i], rows.predicted[run][i])} << run;
      for (std::size_t i = 0; i < patterns.size(); ++i)
        if (is_trial(metric, rows.truth[i], rows.truth[i])) counts.add(rows.group[i], patterns[i]);
    }
    counts.finish();
    return cells;
  };
  return parallel_reduce(o.rows(), kChunkRows, context.threads, PairedCells(groups, o.runs_before, o.runs_after), count,
                         [](PairedCells all, const PairedCells& part) { return all += part; });
}

}  // namespace

std::vector<std::string> class_levels(const Outcomes& o, std::optional<std::size_t> task) {
  std::vector<std::string> levels{""};
  for (const Factor* f : some_of(o.truth, task)) {
    std::vector<std::string> crossed;
    for (const std::string& left : levels)
      for (const std::string& level : f->levels)
        crossed.push_back(left.empty() ? level : fmt::format("{} {}", left, level));
    levels = std::move(crossed);
  }
  return levels;
}

std::vector<ClassCode> class_codes(const Outcomes& o, std::optional<std::size_t> task, int run) {
  std::vector<std::int32_t> crossed_truth, crossed_predicted;
  const Codes truth = cross_codes(some_of(o.truth, task), 0, o.rows(), crossed_truth);
  const Codes predicted =
      cross_codes(some_of(o.predicted[static_cast<std::size_t>(run)], task), 0, o.rows(), crossed_predicted);
  const auto none = static_cast<int>(class_levels(o, task).size());
  std::vector<ClassCode> codes(truth.size());
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = {truth[i], predicted[i] < 0 ? none : predicted[i]};
  return codes;
}

PairedCells paired_cells_of(const Outcomes& o, std::size_t crossing, std::optional<std::size_t> task,
                            const stats::Metric& metric, int half, const Context& context) {
  const Factor& group = o.crossings[crossing].group;
  return count_patterns(o, {&group}, group.level_count(), task, metric, half, context);
}

PairedCells paired_cells_by_class(const Outcomes& o, std::size_t crossing, std::optional<std::size_t> task,
                                  const stats::Metric& metric, const Context& context) {
  const Factor& group = o.crossings[crossing].group;
  std::vector<const Factor*> both{&group};
  for (const Factor* truth : some_of(o.truth, task)) both.push_back(truth);
  const auto classes = static_cast<std::int64_t>(class_levels(o, task).size());
  return count_patterns(o, both, group.level_count() * classes, task, metric, -1, context);
}

PairedCells cells_of(const Outcomes& o, int half, const Context& context) {
  return paired_cells_of(o, 0, std::nullopt, {}, half, context);
}

namespace {

/// Counts by `group`, which may be the true class, or nothing.
Cells count_cells(const Outcomes& o, const std::vector<const Factor*>& group, std::optional<std::size_t> task, int half,
                  const Context& context) {
  const Cells none(levels_of(group), static_cast<int>(levels_of(some_of(o.truth, task))), o.runs());
  const auto count = [&](std::int64_t first, std::int64_t last) {
    Cells cells = none;
    Block block(o, group, task);
    for (std::int64_t begin = first; begin < last; begin += kBlockRows)
      cells.add(block.of(begin, std::min(last, begin + kBlockRows), half));
    return cells;
  };
  return parallel_reduce(o.rows(), kChunkRows, context.threads, none, count,
                         [](Cells all, const Cells& part) { return all += part; });
}

/// The units of `group`, which may be the true class, or nothing.
stats::PairedUnits collect_units(const Outcomes& o, const std::vector<const Factor*>& group,
                                 std::optional<std::size_t> task, const stats::Metric& metric, int half,
                                 const Context& context) {
  if (o.person.rows() == 0) return {count_cells(o, group, task, half, context), metric, o.runs_before};
  const auto classes = static_cast<int>(levels_of(some_of(o.truth, task)));
  stats::PairedUnits units(kind_of(metric), levels_of(group), o.runs_before, o.runs_after, true);
  Block block(o, group, task);
  const Cells::Rows& rows = block.of(0, o.rows(), -1);
  std::vector<int> predicted(rows.predicted.size());
  for (std::size_t i = 0; i < rows.truth.size(); ++i) {
    const double weight = o.weights.empty() ? 1 : o.weights[i];
    if (weight <= 0 || !in_half(o, i, half)) continue;
    for (std::size_t run = 0; run < predicted.size(); ++run) {
      const std::int32_t h = rows.predicted[run][i];
      predicted[run] = h < 0 ? classes : h;
    }
    units.add(rows.group[i], person_of(o, i), addends(metric, classes, rows.truth[i], predicted), weight);
  }
  return units;
}

}  // namespace

Cells cells_of(const Outcomes& o, std::size_t crossing, std::optional<std::size_t> task, int half,
               const Context& context) {
  return count_cells(o, {&o.crossings[crossing].group}, task, half, context);
}

stats::PairedUnits paired_units_of(const Outcomes& o, std::optional<std::size_t> crossing,
                                   std::optional<std::size_t> task, const stats::Metric& metric, int half,
                                   const Context& context) {
  std::vector<const Factor*> group;
  if (crossing) group.push_back(&o.crossings[*crossing].group);
  return collect_units(o, group, task, metric, half, context);
}

stats::PairedUnits paired_units_by_class(const Outcomes& o, std::optional<std::size_t> task,
                                         const stats::Metric& metric, const Context& context) {
  return collect_units(o, some_of(o.truth, task), task, metric, -1, context);
}

std::vector<std::size_t> weighty_rows(const Outcomes& o, int half) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < o.keys.size(); ++row)
    if ((o.weights.empty() || o.weights[row] > 0) && in_half(o, row, half)) rows.push_back(row);
  return rows;
}

std::uint64_t person_of(const Outcomes& o, std::size_t row) {
  constexpr std::uint64_t kUnknown = std::uint64_t{1} << 40;
  const std::int32_t code = o.person.codes[row];
  return code >= 0 ? static_cast<std::uint64_t>(code) : kUnknown + row;
}

std::vector<std::vector<std::int64_t>> confusion_of(const Outcomes& o, std::size_t task, int first, int last,
                                                    const Context& context) {
  using Counts = std::vector<std::vector<std::int64_t>>;
  const Factor& truth = o.truth[task];
  const auto k = static_cast<std::size_t>(truth.level_count());
  const auto count = [&](std::int64_t begin, std::int64_t end) {
    Counts counts(k, std::vector<std::int64_t>(k));
    for (int run = first; run < last; ++run) {
      const Factor& predicted = o.predicted[static_cast<std::size_t>(run)][task];
      for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
        if (predicted.codes[i] >= 0)
          ++counts[static_cast<std::size_t>(truth.codes[i])][static_cast<std::size_t>(predicted.codes[i])];
    }
    return counts;
  };
  return parallel_reduce(o.rows(), kChunkRows, context.threads, Counts(k, std::vector<std::int64_t>(k)), count,
                         [](Counts all, const Counts& part) {
                           for (std::size_t y = 0; y < all.size(); ++y)
                             for (std::size_t h = 0; h < all.size(); ++h) all[y][h] += part[y][h];
                           return all;
                         });
}

}  // namespace evenface::study
