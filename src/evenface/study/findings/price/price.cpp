#include "evenface/study/finding.h"
#include "evenface/study/wording.h"

namespace evenface::study {
namespace {

Finding price(const Comparison& c, const char* figure, stats::Price state, const stats::Estimate& of_metric) {
  const stats::Estimate change = as_loss(c, of_metric);
  constexpr const char* kStates[] = {"lost", "within_margin", "open"};
  Finding f{.id = std::string("price/") + figure, .kind = "price"};
  f.subject = {{"figure", figure}};
  f.estimates = {{"change", to_json(change)}};
  f.evidence = {{"state", kStates[static_cast<int>(state)]},
                {"sentence", price_sentence(state, change, c.options.margin, unit_of(c.metric))}};
  if (state == stats::Price::kLost) f.severity = "warning";
  return f;
}

}  // namespace

Findings find_price(const Comparison& c) {
  const auto& r = c.result;
  return {price(c, "over faces", r.price_over_faces, r.over_faces.change),
          price(c, "over groups", r.price_over_groups, r.over_groups.change)};
}

}  // namespace evenface::study
