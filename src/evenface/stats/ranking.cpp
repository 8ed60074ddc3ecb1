#include "evenface/stats/ranking.h"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>

namespace evenface::stats {
namespace {

/// Weight of negatives and of positives.
using Mass = std::array<double, 2>;

/// The rows of one score, [first, last) of the rows in order.
struct Tie {
  std::size_t first, last;
  Mass own{0, 0}, above{0, 0};  ///< of these rows; of all rows with a higher score
};

/// Rows from the highest score to the lowest, and where their scores change.
struct Ordered {
  std::vector<std::size_t> rows;
  std::vector<Tie> ties;
  Mass all{0, 0};
};

Ordered ordered(std::span<const RankedRow> rows) {
  Ordered o;
  o.rows.resize(rows.size());
  std::iota(o.rows.begin(), o.rows.end(), std::size_t{0});
  std::ranges::sort(o.rows, std::greater(), [&](std::size_t row) { return rows[row].score; });
  for (std::size_t first = 0, last = 0; first < rows.size(); first = last) {
    Tie tie{.first = first, .last = first, .above = o.all};
    for (; last < rows.size() && rows[o.rows[last]].score == rows[o.rows[first]].score; ++last) {
      const RankedRow& row = rows[o.rows[last]];
      tie.own[row.positive] += row.weight, o.all[row.positive] += row.weight;
    }
    tie.last = last;
    o.ties.push_back(tie);
  }
  return o;
}

/// `moves` [class] of a tie's rows, by tie from the highest score down.
struct TieMoves {
  double value = 0;
  std::vector<Mass> moves;
};

TieMoves moves_of_area(const Ordered& o) {
  TieMoves m;
  for (const Tie& tie : o.ties) {
    const double outranking = (tie.above[1] + tie.own[1] / 2) / o.all[1];
    const double outranked = 1 - (tie.above[0] + tie.own[0] / 2) / o.all[0];
    m.value += tie.own[1] * outranked / o.all[1];
    m.moves.push_back({outranking, outranked});
  }
  return m;
}

/// With T and F the weights of positives and negatives down to a score, average precision is the mean over positives
/// of T/(T + F): a positive brings its own term, and any row moves the terms of all scores down from its own.
TieMoves moves_of_precision(const Ordered& o) {
  TieMoves m{.moves = std::vector<Mass>(o.ties.size())};
  Mass below{0, 0};  // what the terms of this score and the lower ones lose by a negative and gain by a positive
  for (std::size_t i = o.ties.size(); i-- > 0;) {
    const Tie& tie = o.ties[i];
    const double t = tie.above[1] + tie.own[1], n = t + tie.above[0] + tie.own[0];
    if (n <= 0) continue;  // rows without weight
    below[0] -= tie.own[1] * t / (n * n), below[1] += tie.own[1] * (n - t) / (n * n);
    m.value += tie.own[1] * t / n / o.all[1];
    m.moves[i] = {below[0] * o.all[0] / o.all[1], t / n + below[1]};
  }
  return m;
}

}  // namespace

std::optional<RankMoves> rank_moves(std::span<const RankedRow> rows, RankMeasure measure) {
  const Ordered o = ordered(rows);
  if (o.all[0] <= 0 || o.all[1] <= 0) return std::nullopt;
  const TieMoves of_ties = measure == RankMeasure::kRocAuc ? moves_of_area(o) : moves_of_precision(o);
  Mass mean{0, 0};
  for (std::size_t i = 0; i < o.ties.size(); ++i)
    for (const std::size_t c : {0, 1}) mean[c] += o.ties[i].own[c] * of_ties.moves[i][c] / o.all[c];
  RankMoves result{of_ties.value, std::vector<double>(rows.size())};
  for (std::size_t i = 0; i < o.ties.size(); ++i)
    for (std::size_t at = o.ties[i].first; at < o.ties[i].last; ++at) {
      const bool positive = rows[o.rows[at]].positive;
      result.moves[o.rows[at]] = of_ties.moves[i][positive] - mean[positive];
    }
  return result;
}

}  // namespace evenface::stats
