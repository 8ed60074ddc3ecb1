#include "evenface/adjust/shifts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "evenface/adjust/shift_tally.h"
#include "evenface/core/error.h"

namespace evenface::adjust {
namespace {

/// A value of one class's shift at which a row's decision changes from or to that class.
struct Event {
  double at;
  std::size_t row;
  int by;  ///< +1: the row turns right, -1: wrong
};

/// Root mean square of the logits about their mean within each row.
double sd_within_rows(const ClassRows& rows) {
  double squares = 0;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const auto z = rows.row(i);
    const double mean = std::accumulate(z.begin(), z.end(), 0.0) / rows.classes;
    for (const double value : z) squares += (value - mean) * (value - mean);
  }
  return std::sqrt(squares / static_cast<double>(rows.logits.size()));
}

/// The mean square of the shifts once they are centred, in units of `sd`; centring changes no decision.
double penalty(const std::vector<double>& shifts, double sd) {
  const double n = static_cast<double>(shifts.size());
  const double mean = std::accumulate(shifts.begin(), shifts.end(), 0.0) / n;
  double squares = 0;
  for (const double b : shifts) squares += (b - mean) * (b - mean);
  return squares / n / (sd * sd);
}

void centre(std::vector<double>& shifts) {
  const double mean = std::accumulate(shifts.begin(), shifts.end(), 0.0) / static_cast<double>(shifts.size());
  for (double& b : shifts) b -= mean;
}

/// Where the decision between class `c` and the best other class changes, for the rows that it turns right or wrong.
std::vector<Event> events_of(const ClassRows& rows, const std::vector<double>& shifts, std::size_t c) {
  std::vector<Event> events;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const auto z = rows.row(i);
    std::size_t other = c == 0 ? 1 : 0;
    for (std::size_t j = 0; j < z.size(); ++j)
      if (j != c && z[j] + shifts[j] > z[other] + shifts[other]) other = j;
    const auto truth = static_cast<std::size_t>(rows.truth[i]);
    if (truth == c) events.push_back({z[other] + shifts[other] - z[c], i, 1});
    else if (truth == other) events.push_back({z[other] + shifts[other] - z[c], i, -1});
  }
  std::ranges::sort(events, [](const Event& a, const Event& b) { return a.at != b.at ? a.at < b.at : a.row < b.row; });
  return events;
}

/// The point of an open interval without events that is best for the ridge, whose optimum is `wish`. Where that lies
/// outside, the middle: as far from a change of decision as can be (Och 2003).
double inner_point(double low, double high, double wish, double sd) {
  const double step = 0.1 * sd;
  if (low < wish && wish < high) return wish;
  if (std::isinf(low)) return high - step;
  if (std::isinf(high)) return low + step;
  return low + (high - low) / 2;
}

class Search {
 public:
  Search(const ClassRows& rows, ShiftTally tally, double ridge)
      : rows_(rows),
        tally_(std::move(tally)),
        ridge_(ridge),
        sd_(sd_within_rows(rows)),
        shifts_(static_cast<std::size_t>(rows.classes)) {
    require(sd_ > 0, "the scores are the same for every class in all rows");
    tally_.decide(shifts_);
    tally_.set_baseline();
    best_ = tally_.value();
  }

  /// The best shift of class `c` with the others as they are. True when that gains.
  bool improve(std::size_t c) {
    const auto events = events_of(rows_, shifts_, c);
    std::vector<double> trial = shifts_;
    const double wish =
        (std::accumulate(shifts_.begin(), shifts_.end(), 0.0) - shifts_[c]) / static_cast<double>(rows_.classes - 1);
    trial[c] = -std::numeric_limits<double>::infinity();
    tally_.decide(trial);
    // Narrower than this, an interval is a tie of scores and not a place to stand.
    const double narrow = 1e-9 * sd_;
    double low = trial[c], found = best_, at = shifts_[c];
    for (std::size_t i = 0; i <= events.size(); ++i) {
      const double high = i < events.size() ? events[i].at : std::numeric_limits<double>::infinity();
      if (high - low > narrow) {
        trial[c] = inner_point(low, high, wish, sd_);
        if (const double value = tally_.value() - ridge_ * penalty(trial, sd_); value > found + kGain)
          found = value, at = trial[c];
      }
      if (i < events.size()) tally_.change(events[i].row, events[i].by), low = high;
    }
    if (found <= best_ + kGain) return false;
    best_ = found;
    shifts_[c] = at;
    centre(shifts_);
    return true;
  }

  const std::vector<double>& shifts() const { return shifts_; }
  double best() const { return best_; }

 private:
  static constexpr double kGain = 1e-9;  // less is rounding
  const ClassRows& rows_;
  ShiftTally tally_;
  double ridge_, sd_;
  std::vector<double> shifts_;
  double best_ = 0;
};

}  // namespace

ShiftFit fit_shifts(const ClassRows& rows, const std::vector<std::int32_t>& group, std::int64_t groups,
                    const ShiftSettings& settings) {
  require_valid(rows);
  Search search(rows, ShiftTally(rows, group, groups, settings), settings.ridge);
  ShiftFit fit{{}, search.best(), 0, 0};
  // The objective rises with every gain and has finitely many pieces; the bound is for the reader's peace.
  constexpr int kMostSweeps = 1000;
  for (bool gained = true; gained && fit.sweeps < kMostSweeps; ++fit.sweeps) {
    gained = false;
    for (std::size_t c = 0; c < static_cast<std::size_t>(rows.classes); ++c) gained = search.improve(c) || gained;
  }
  fit.rule.shifts = search.shifts();
  fit.after = search.best();
  return fit;
}

}  // namespace evenface::adjust
