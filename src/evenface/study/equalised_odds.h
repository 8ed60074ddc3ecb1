#pragma once
#include <vector>

#include "evenface/study/judgement.h"

namespace evenface::study {

/// How far groups are from equalised odds (Hardt, Price & Srebro 2016) of a class: its true and false positive rates
/// held together.
struct EqualisedOdds {
  std::size_t crossing = 0;  ///< index into Outcomes::crossings
  MetricName true_positive, false_positive;
  stats::Estimate difference;  ///< the larger of the two gaps
  stats::Estimate ratio;       ///< the smaller of the two ratios
};

/// Of the judgements of both rates. Each interval reaches from the further of the two lower ends to that of the upper.
EqualisedOdds equalised_odds(const Judgement& recall, const Judgement& false_positive_rate);

/// Of every class and crossing by which both rates were judged, in the order of the recalls.
std::vector<EqualisedOdds> all_equalised_odds(const std::vector<Judgement>& judgements);

}  // namespace evenface::study
