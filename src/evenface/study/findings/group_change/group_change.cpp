#include <algorithm>

#include "evenface/study/finding.h"

namespace evenface::study {
namespace {
using nlohmann::json;

struct ClassFlips {
  std::int64_t n = 0;
  stats::Flips rows;
};

/// Which true classes of a group flipped; rows are means over pairs of runs.
json by_true_class(const Comparison& c, std::int64_t group, const std::vector<std::string>& classes) {
  std::vector<ClassFlips> flips(classes.size());
  std::vector<std::size_t> order;
  for (std::size_t y = 0; y < classes.size(); ++y) {
    const std::int64_t cell = group * std::ssize(classes) + static_cast<std::int64_t>(y);
    flips[y] = {c.class_cells.rows(cell), flips_of(c.class_cells, cell)};
    if (flips[y].n > 0) order.push_back(y);
  }
  std::ranges::stable_sort(order, std::greater(),
                           [&](std::size_t y) { return flips[y].rows.lost + flips[y].rows.won; });
  json list = json::array();
  for (const std::size_t y : order)
    list.push_back(
        {{"label", classes[y]}, {"n", flips[y].n}, {"lost", flips[y].rows.lost}, {"won", flips[y].rows.won}});
  return list;
}

/// The loss that the interval does not exclude; of an error rate a rise.
json largest_loss(const stats::Estimate& change, bool error_rate) {
  if (!change.interval) return nullptr;
  return std::max(0.0, error_rate ? change.interval->high : -change.interval->low);
}

const char* severity_of(const stats::GroupChange& g, double level) {
  if (g.outcome == stats::Outcome::kLost) return "warning";
  if (g.outcome == stats::Outcome::kWon) return "notice";
  return g.outcome == stats::Outcome::kNotEstimable && g.p_adjusted < 1 - level ? "warning" : "info";
}

/// What a change says by itself, of the primary metric and crossing or of others.
Finding group_finding(const Comparison& c, std::size_t crossing, const stats::GroupChange& g,
                      const stats::BeforeAfter& result, bool error_rate) {
  const std::string& name = group_name(c.outcomes, crossing, g.group);
  Finding f{.id = "group_change/" + name, .kind = "group_change", .severity = severity_of(g, c.options.level)};
  f.subject = {{"group", name}, {"levels", levels_of_group(c.outcomes, crossing, g.group)}};
  f.estimates = to_json(g.accuracy);
  f.test = family_test(result.test, result.groups.size(), c.options.level);
  f.p = g.p, f.p_adjusted = g.p_adjusted;
  const bool one_run = !result.several_seeds;
  f.evidence = {{"n", g.n},
                {"correct_before", nullptr},
                {"correct_after", nullptr},
                {"lost", one_run ? json(g.lost) : json()},
                {"won", one_run ? json(g.won) : json()},
                {"outcome", name_of(g.outcome)},
                {"largest_loss_not_excluded", largest_loss(g.accuracy.change, error_rate)},
                {"by_true_class", json::array()}};
  return f;
}

/// Rows that are judged rightly, of a rate over them; null where the rate isn't known.
json right_rows(const stats::Estimate& rate, std::int64_t n, bool error_rate) {
  if (!rate.estimable()) return nullptr;
  return (error_rate ? 1 - *rate.value : *rate.value) * static_cast<double>(n);
}

Findings exploratory_changes(const Comparison& c) {
  Findings findings;
  for (const MetricChange& change : c.exploratory) {
    const bool error_rate = better(change.metric) == Better::kLower;
    for (const stats::GroupChange& g : change.result.groups) {
      Finding f = group_finding(c, change.crossing, g, change.result, error_rate);
      if (change.by_rows) {
        f.evidence["correct_before"] = right_rows(g.accuracy.before, g.n, error_rate);
        f.evidence["correct_after"] = right_rows(g.accuracy.after, g.n, error_rate);
      }
      name_exploratory(c, change, f);
      findings.push_back(std::move(f));
    }
  }
  return findings;
}

}  // namespace

Findings find_group_change(const Comparison& c) {
  const std::vector<std::string> classes = class_levels(c.outcomes, c.task);
  const auto before = mean_counts(c.cells, stats::Arm::kBefore), after = mean_counts(c.cells, stats::Arm::kAfter);
  Findings findings;
  for (const stats::GroupChange& g : c.result.groups) {
    const auto i = static_cast<std::size_t>(g.group);
    Finding f = group_finding(c, 0, g, c.result, c.error_rate);
    if (!is_number(c.metric)) {
      f.evidence["correct_before"] = before[i].right, f.evidence["correct_after"] = after[i].right;
      f.evidence["by_true_class"] = by_true_class(c, g.group, classes);
    }
    findings.push_back(std::move(f));
  }
  for (Finding& f : exploratory_changes(c)) findings.push_back(std::move(f));
  return findings;
}

}  // namespace evenface::study
