#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace evenface::stats {

/// How well scores rank the rows of a class above the others.
enum class RankMeasure {
  kRocAuc,            ///< scores.h, roc_auc
  kAveragePrecision,  ///< scores.h, average_precision
};

/// A row that is ranked.
struct RankedRow {
  double score = 0;
  bool positive = false;
  double weight = 1;
  std::size_t unit = 0;  ///< whatever tells whose row it is
};

/// All rows by the scores of one run for one class.
using Ranking = std::vector<RankedRow>;

/// A rank measure and what moves it.
struct RankMoves {
  double value;
  /// Of each row, in the order given: where its weight grows by a share e of the weight of its class, at the cost of
  /// all rows of the class alike, the value grows by e times this. The mean over a class is 0.
  std::vector<double> moves;
};

/// The influence of each row on a rank measure, its classes keeping their weight (infinitesimal jackknife; Efron 1982).
/// Of the area under the ROC curve it is the row's placement, the share of the other class that a positive outranks or
/// that outranks a negative, ties counting one half, less the area (DeLong, DeLong & Clarke-Pearson 1988). Of average
/// precision it is the derivative of its formula. Nothing where a class has no weight.
std::optional<RankMoves> rank_moves(std::span<const RankedRow> rows, RankMeasure measure);

}  // namespace evenface::stats
