#include "evenface/stats/variance.h"

namespace evenface::stats {

double without_rounding(double variance) {
  constexpr double kRounding = 1e-24;
  return variance > kRounding ? variance : 0;
}

double sample_variance(std::span<const double> values) {
  if (values.size() < 2) return 0;
  double mean = 0, sum = 0;
  for (const double v : values) mean += v / static_cast<double>(values.size());
  for (const double v : values) sum += (v - mean) * (v - mean);
  return without_rounding(sum / static_cast<double>(values.size() - 1));
}

double with_two_more(double squares, double fourths) {
  return without_rounding(squares) > 0 ? squares + 2 * fourths / squares : 0;
}

}  // namespace evenface::stats
