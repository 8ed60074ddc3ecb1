#pragma once
#include <string>
#include <vector>

#include "evenface/study/compare.h"

namespace evenface::study {

/// A fraction in points with one decimal: 0.114 -> "11.4"; `signed_`: "+11.4", "-0.3".
std::string points(double fraction, bool with_sign = false);

/// How figures of a metric are written: shares in points with one decimal, numbers such as ages as they are.
enum class Unit { kPoints, kPlain };
Unit unit_of(const MetricName& metric);
std::string in_unit(double value, Unit unit, bool with_sign = false);
/// "11.4 points", "3.21".
std::string amount(double value, Unit unit);

/// "-6.0 to -2.7" of an interval, or an empty text where there is none.
std::string interval_words(const stats::Estimate& estimate, Unit unit, bool with_sign);

/// "These two models" with one run each, "The method" with several seeds.
std::string subject_words(const Comparison& comparison);

/// The verdict in a word or two: "Fairer, with losers: 1 of 14 groups."
std::string verdict_headline(const Comparison& comparison);

/// The verdict with its figures, as one sentence.
std::string verdict_sentence(const Comparison& comparison);

/// What it cost: "Price open: a loss of up to 1.9 points is not excluded."
std::string price_sentence(stats::Price price, const stats::Estimate& change, double margin, Unit unit);
/// Of the primary metric over faces.
std::string price_sentence(const Comparison& comparison);

/// A change as what price_sentence is about: below 0 is worse. Of an error rate that is a rise.
stats::Estimate as_loss(const Comparison& comparison, const stats::Estimate& change);

/// What this many rows could have shown; `power` is that with which the gap is found.
std::string planning_sentence(const DetectableGap& detectable, double power = 0.8);

/// Names of the groups with this outcome, in order of their change.
std::vector<std::string> groups_with(const Comparison& comparison, stats::Outcome outcome);

}  // namespace evenface::study
