#include "evenface/study/finding.h"
#include "evenface/study/wording.h"

namespace evenface::study {
namespace {

Finding price(const char* figure, stats::Price state, const stats::Estimate& change, double margin) {
  constexpr const char* kStates[] = {"lost", "within_margin", "open"};
  Finding f{.id = std::string("price/") + figure, .kind = "price"};
  f.subject = {{"figure", figure}};
  f.estimates = {{"change", to_json(change)}};
  f.evidence = {{"state", kStates[static_cast<int>(state)]}, {"sentence", price_sentence(state, change, margin)}};
  if (state == stats::Price::kLost) f.severity = "warning";
  return f;
}

}  // namespace

Findings find_price(const Comparison& c) {
  const auto& r = c.result;
  return {price("over faces", r.price_over_faces, as_loss(c, r.over_faces.change), c.options.margin),
          price("over groups", r.price_over_groups, as_loss(c, r.over_groups.change), c.options.margin)};
}

}  // namespace evenface::study
