#include "document.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace evenface::calibration {
namespace {

constexpr double kStandardErrors = 3;

std::string line(const std::vector<std::string>& cells) { return fmt::format("| {} |\n", fmt::join(cells, " | ")); }

}  // namespace

std::string table(const std::vector<std::string>& titles, const std::vector<std::vector<std::string>>& rows) {
  std::string text = line(titles) + line(std::vector<std::string>(titles.size(), "---"));
  for (const auto& row : rows) text += line(row);
  return text + "\n";
}

std::string percent(const Mean& share) {
  return fmt::format("{:.1f} ± {:.1f}", 100 * share.value(), 100 * share.error_of_share());
}

std::string percent(double share) { return fmt::format("{:.1f}", 100 * share); }

std::string points(double fraction, int digits) { return fmt::format("{:.{}f}", 100 * fraction, digits); }

std::string verdict(bool holds, const std::string& correction) {
  return holds ? "confirmed" : "**corrected**: " + correction;
}

bool at_most(const Mean& share, double bound) {
  return share.value() <= bound + kStandardErrors * share.error_of_share();
}

bool at_least(const Mean& share, double bound) {
  return share.value() >= bound - kStandardErrors * share.error_of_share();
}

void Range::add(const Mean& mean) {
  if (low_.draws == 0 || mean.value() < low_.value()) low_ = mean;
  if (high_.draws == 0 || mean.value() > high_.value()) high_ = mean;
}

std::string Range::percent() const { return calibration::percent(low_) + " to " + calibration::percent(high_); }

}  // namespace evenface::calibration
