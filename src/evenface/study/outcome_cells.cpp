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

/// The codes of some tasks' factors crossed, of rows [begin, end); missing where any is.
void cross_codes(const std::vector<const Factor*>& factors, std::int64_t begin, std::int64_t end,
                 std::vector<std::int32_t>& codes) {
  codes.assign(static_cast<std::size_t>(end - begin), 0);
  for (const Factor* f : factors) {
    const std::int32_t* const own = f->codes.data() + begin;
    const std::int32_t levels = f->level_count();
    for (std::size_t i = 0; i < codes.size(); ++i)
      codes[i] = codes[i] < 0 || own[i] < 0 ? Factor::kMissing : codes[i] * levels + own[i];
  }
}

/// Codes, weights and groups of a block of rows, as the cells take them.
struct Block {
  std::vector<std::int32_t> group, truth;
  std::vector<std::vector<std::int32_t>> predicted;
  std::vector<double> weights;

  /// Leaves the rows of one half only.
  void keep(const Outcomes& o, std::int64_t begin, int half) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < group.size(); ++i) {
      if (!in_half(o, static_cast<std::size_t>(begin) + i, half)) continue;
      group[kept] = group[i], truth[kept] = truth[i];
      for (auto& run : predicted) run[kept] = run[i];
      if (!weights.empty()) weights[kept] = weights[i];
      ++kept;
    }
    group.resize(kept), truth.resize(kept);
    for (auto& run : predicted) run.resize(kept);
    if (!weights.empty()) weights.resize(kept);
  }
};

/// The patterns of right and wrong of blocks of rows.
class Patterns {
 public:
  explicit Patterns(const Outcomes& o) : o_(o) {}

  const std::vector<stats::Pattern>& of(std::int64_t begin, std::int64_t end) {
    const auto n = static_cast<std::size_t>(end - begin);
    patterns_.assign(n, 0);
    for (std::size_t run = 0; run < o_.predicted.size(); ++run) {
      right_.assign(n, 1);
      for (std::size_t t = 0; t < o_.truth.size(); ++t) {
        const std::int32_t* const truth = o_.truth[t].codes.data() + begin;
        const std::int32_t* const predicted = o_.predicted[run][t].codes.data() + begin;
        for (std::size_t i = 0; i < n; ++i) right_[i] &= static_cast<std::uint8_t>(truth[i] == predicted[i]);
      }
      for (std::size_t i = 0; i < n; ++i) patterns_[i] |= stats::Pattern{right_[i]} << run;
    }
    return patterns_;
  }

 private:
  const Outcomes& o_;
  std::vector<stats::Pattern> patterns_;
  std::vector<std::uint8_t> right_;
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

}  // namespace

Outcomes arm_of(const Outcomes& o, stats::Arm arm) {
  const bool before = arm == stats::Arm::kBefore;
  Outcomes one = o;
  const auto keep = [&](auto& runs) {
    if (runs.empty()) return;
    const auto middle = runs.begin() + o.runs_before;
    before ? runs.erase(middle, runs.end()) : runs.erase(runs.begin(), middle);
  };
  keep(one.predicted), keep(one.scores), keep(one.predicted_values);
  one.runs_before = before ? o.runs_before : o.runs_after, one.runs_after = 0;
  return one;
}

Outcomes without_rows(Outcomes o) {
  const auto clear = [](std::vector<Factor>& factors) {
    for (Factor& f : factors) f.codes = {};
  };
  clear(o.truth), clear(o.attributes);
  for (Crossing& c : o.crossings) c.group.codes = {};
  o.keys = {}, o.checks = {}, o.weights = {}, o.person = {}, o.true_values = {};
  o.predicted = {}, o.scores = {}, o.predicted_values = {};
  return o;
}

const std::string& group_name(const Outcomes& o, std::size_t crossing, std::int64_t group) {
  return o.crossings[crossing].group.levels[static_cast<std::size_t>(group)];
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
  const auto truth = some_of(o.truth, task);
  std::vector<std::vector<const Factor*>> predicted;
  for (const auto& run : o.predicted) predicted.push_back(some_of(run, task));
  const auto count = [&](std::int64_t first, std::int64_t last) {
    PairedCells cells(groups, o.runs_before, o.runs_after);
    PatternCounts counts(cells);
    std::vector<std::int32_t> g, y;
    std::vector<std::vector<std::int32_t>> h(predicted.size());
    for (std::int64_t begin = first; begin < last; begin += kBlockRows) {
      const std::int64_t end = std::min(last, begin + kBlockRows);
      cross_codes(group, begin, end, g), cross_codes(truth, begin, end, y);
      for (std::size_t run = 0; run < predicted.size(); ++run) cross_codes(predicted[run], begin, end, h[run]);
      for (std::size_t i = 0; i < y.size(); ++i) {
        if (!in_half(o, static_cast<std::size_t>(begin) + i, half) || !is_trial(metric, y[i], y[i])) continue;
        stats::Pattern pattern = 0;
        for (std::size_t run = 0; run < h.size(); ++run)
          if (is_success(metric, y[i], h[run][i])) pattern |= stats::Pattern{1} << run;
        counts.add(g[i], pattern);
      }
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
  std::vector<std::int32_t> truth, predicted;
  cross_codes(some_of(o.truth, task), 0, o.rows(), truth);
  cross_codes(some_of(o.predicted[static_cast<std::size_t>(run)], task), 0, o.rows(), predicted);
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

PairedCells paired_cells_by_class(const Outcomes& o, std::optional<std::size_t> task, const stats::Metric& metric,
                                  const Context& context) {
  const auto classes = static_cast<std::int64_t>(class_levels(o, task).size());
  return count_patterns(o, some_of(o.truth, task), classes, task, metric, -1, context);
}

PairedCells paired_cells_by_group_and_class(const Outcomes& o, std::size_t crossing, std::optional<std::size_t> task,
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
  const auto truth = some_of(o.truth, task);
  std::vector<std::vector<const Factor*>> predicted;
  for (const auto& run : o.predicted) predicted.push_back(some_of(run, task));
  const Cells none(levels_of(group), static_cast<int>(levels_of(truth)), o.runs());
  const auto count = [&](std::int64_t first, std::int64_t last) {
    Cells cells = none;
    Block block{.predicted = std::vector<std::vector<std::int32_t>>(predicted.size())};
    for (std::int64_t begin = first; begin < last; begin += kBlockRows) {
      const std::int64_t end = std::min(last, begin + kBlockRows);
      cross_codes(group, begin, end, block.group), cross_codes(truth, begin, end, block.truth);
      for (std::size_t run = 0; run < predicted.size(); ++run)
        cross_codes(predicted[run], begin, end, block.predicted[run]);
      if (!o.weights.empty()) block.weights.assign(o.weights.begin() + begin, o.weights.begin() + end);
      if (half >= 0) block.keep(o, begin, half);
      cells.add({block.group, block.truth, {block.predicted.begin(), block.predicted.end()}, block.weights});
    }
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
  std::vector<std::int32_t> g, y;
  cross_codes(group, 0, o.rows(), g), cross_codes(some_of(o.truth, task), 0, o.rows(), y);
  std::vector<std::vector<std::int32_t>> h(o.predicted.size());
  for (std::size_t run = 0; run < h.size(); ++run) cross_codes(some_of(o.predicted[run], task), 0, o.rows(), h[run]);
  const auto classes = static_cast<int>(levels_of(some_of(o.truth, task)));
  stats::PairedUnits units(metric, classes, levels_of(group), o.runs_before, o.runs_after);
  std::vector<int> predicted(h.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double weight = o.weights.empty() ? 1 : o.weights[i];
    if (weight <= 0 || !in_half(o, i, half)) continue;
    for (std::size_t run = 0; run < h.size(); ++run) predicted[run] = h[run][i] < 0 ? classes : h[run][i];
    units.add(g[i], person_of(o, i), y[i], predicted, weight);
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
