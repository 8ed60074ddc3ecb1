#include "before_after.h"

#include <algorithm>
#include <numeric>

namespace evenface::calibration {

Judged judge(const stats::RunsModel& model, double change, std::int64_t replicates, Stream& stream) {
  const auto cells = stats::draw_runs(model, stream);
  const stats::BeforeAfter r =
      stats::compare_before_after(cells, {.bootstrap = replicates, .seed = stream.bits64()}, {});
  const stats::Interval& i = *r.spread.change.interval;
  Judged j{double(i.low <= change && change <= i.high), double(r.verdict == stats::Verdict::kFairer),
           double(r.verdict == stats::Verdict::kLessFair), 0, 0};
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
