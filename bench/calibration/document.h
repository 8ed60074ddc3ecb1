#pragma once
#include <string>
#include <vector>

#include "simulation.h"

namespace evenface::calibration {

/// A statement of the project about its methods, held against what is found here.
struct Claim {
  std::string statement;  ///< with the figures that are claimed
  std::string here;       ///< what this program finds
  std::string verdict;    ///< confirmed, or what is right instead
};

/// The answer to one question: text and tables in Markdown, and the claims that it settles.
struct Section {
  std::string title, text;
  std::vector<Claim> claims;
};

/// A table in Markdown: column titles, then rows.
std::string table(const std::vector<std::string>& titles, const std::vector<std::vector<std::string>>& rows);

/// A share in percent with its standard error: "4.7 ± 0.3".
std::string percent(const Mean& share);
/// A share in percent without sampling error, e.g. by enumeration: "95.1".
std::string percent(double share);
/// A probability or a rate in points of a hundred.
std::string points(double fraction, int digits = 1);

/// "confirmed" when `holds`, else "**corrected**: " and what is right.
std::string verdict(bool holds, const std::string& correction);

/// A share that is at most `bound` but for three Monte-Carlo standard errors.
bool at_most(const Mean& share, double bound);
bool at_least(const Mean& share, double bound);

/// The lowest and the highest of several means.
class Range {
 public:
  void add(const Mean& mean);
  const Mean& lowest() const { return low_; }
  const Mean& highest() const { return high_; }
  /// "4.1 ± 0.2 to 4.9 ± 0.2", in percent.
  std::string percent() const;
  /// Whether all lie within, but for three standard errors at each end.
  bool within(double low, double high) const { return at_least(low_, low) && at_most(high_, high); }

 private:
  Mean low_, high_;
};

}  // namespace evenface::calibration
