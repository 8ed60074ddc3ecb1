#include "evenface/stats/planning.h"

#include <algorithm>
#include <cmath>

#include "evenface/study/finding.h"
#include "evenface/study/wording.h"

namespace evenface::study {
namespace {
using nlohmann::json;

constexpr double kPower = 0.8;

/// A group's name and rows, and how many of them count one effective row.
struct Size {
  std::string name;
  std::int64_t n;
  double rows_each = 1;

  /// Rows that the group lacks of so many effective ones.
  double lacks(double effective) const { return effective * rows_each - static_cast<double>(n); }
};

/// What stated gaps would need in each group, and which groups are short of it.
json needs(double rate, double level, std::vector<Size> sizes) {
  std::ranges::stable_sort(sizes, {}, &Size::n);
  json list = json::array();
  for (const double gap : {0.02, 0.05, 0.1, 0.2}) {
    const double rows = stats::rows_needed(
        rate, gap, (1 - level) / static_cast<double>(std::max<std::size_t>(1, sizes.size())), kPower);
    json short_of = json::array();
    if (std::isfinite(rows))
      for (const Size& size : sizes)
        if (const double more = size.lacks(rows); more > 0)
          short_of.push_back(
              {{"group", size.name}, {"n", size.n}, {"more", static_cast<std::int64_t>(std::ceil(more))}});
    list.push_back({{"gap", gap},
                    {"rows_per_group", std::isfinite(rows) ? json(static_cast<std::int64_t>(std::ceil(rows))) : json()},
                    {"short", short_of}});
  }
  return list;
}

Findings planning(const DetectableGap& detectable, json needed) {
  Finding f{.id = "planning", .kind = "planning"};
  f.evidence = {{"detectable_gap", std::isfinite(detectable.gap) ? detectable.gap : 1.0},
                {"power", kPower},
                {"sentence", planning_sentence(detectable)},
                {"needed", std::move(needed)}};
  return {f};
}

}  // namespace

Findings find_planning(const Comparison& c) {
  if (!c.detectable) return {};
  std::vector<Size> sizes;
  for (const auto& g : c.result.groups) sizes.push_back({c.group_name(g.group), g.n});
  return planning(*c.detectable, needs(*c.result.over_groups.after.value, c.options.level, std::move(sizes)));
}

Findings find_planning(const Evaluation& e) {
  if (!e.explanation.why_not.empty()) return {};
  std::vector<Size> sizes;
  for (const GroupRate& g : e.primary().groups)
    sizes.push_back(
        {e.group_name(e.primary(), g.group), g.n, g.effective > 0 ? static_cast<double>(g.n) / g.effective : 1});
  return planning(e.explanation.detectable, needs(*e.primary().over_groups.value, e.options.level, std::move(sizes)));
}

}  // namespace evenface::study
