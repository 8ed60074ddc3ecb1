#include "before_after.h"

#include <algorithm>
#include <numeric>

namespace evenface::calibration {

Judged judge(const stats::RunsModel& model, double change, std::int64_t replicates, Stream& stream) {
  const auto cells = stats::draw_runs(model, stream);
  const stats::BeforeAfter r =
      stats::compare_before_after(cells, {.bootstrap = replicates, .seed = stream.bits64()}, {});
  const auto covers = [](const stats::Change& c, double truth) {
    return double(c.change.interval->low <= truth && truth <= c.change.interval->high);
  };
  const auto mean = [](const std::vector<double>& rates) {
    return std::accumulate(rates.begin(), rates.end(), 0.0) / static_cast<double>(rates.size());
  };
  Judged j{.covered = covers(r.spread, change),
           .fairer = double(r.verdict == stats::Verdict::kFairer),
           .less_fair = double(r.verdict == stats::Verdict::kLessFair),
           .any_flag = 0,
           .any_lost = 0,
           .price_covered = covers(r.over_faces, mean(model.after) - mean(model.before))};
  for (const stats::GroupChange& g : r.groups) {
    const auto index = static_cast<std::size_t>(g.group);
    if (model.before[index] != model.after[index]) continue;
    if (g.outcome == stats::Outcome::kLost) j.any_lost = 1;
    if (g.outcome == stats::Outcome::kLost || g.outcome == stats::Outcome::kWon) j.any_flag = 1;
  }
  return j;
}

std::vector<double> raised_to_mean(std::vector<double> rates) {
  const double mean = std::accumulate(rates.begin(), rates.end(), 0.0) / static_cast<double>(rates.size());
  for (double& rate : rates) rate = std::max(rate, mean);
  return rates;
}

}  // namespace evenface::calibration
