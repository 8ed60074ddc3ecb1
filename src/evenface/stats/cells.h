#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace evenface::stats {

/// What a cell holds: rows, and where rows are weighted the sum of the weights and of their squares.
struct CellCount {
  std::int64_t rows = 0;
  double mass = 0, squares = 0;

  CellCount& operator+=(const CellCount& other);
  CellCount& operator-=(const CellCount& other);
};

/// Weights are rounded to multiples of 2^-26, so that sums up to 10^8 are exact and do not
/// depend on the order in which rows, or shards of rows, are added. Scale weights to mean 1.
double rounded_weight(double weight);

/// Counts of one group by true and predicted class. Every rate of a group is a function of it.
class Confusion {
 public:
  explicit Confusion(int classes = 0);

  /// `predicted` is a class, or `classes()` where no prediction was made.
  void add(int truth, int predicted, const CellCount& count);
  Confusion& operator+=(const Confusion& other);
  /// Takes away rows that were added before.
  Confusion& operator-=(const Confusion& other);

  int classes() const { return classes_; }
  const CellCount& at(int truth, int predicted) const;
  CellCount total() const;

 private:
  int classes_;
  std::vector<CellCount> cells_;  // classes x (classes + 1)
};

/// Counts of rows by group x true class x the class that each run predicted: all that evaluating and
/// comparing needs, whatever the number of rows. Cells of two shards add. A run that predicted nothing
/// for a row is counted as the class `classes()`, which is never right.
class Cells {
 public:
  /// Whether what this many runs say over this many classes can be numbered in 63 bits.
  static bool can_number(int classes, int runs);

  /// Throws InputError unless can_number.
  Cells(std::int64_t groups, int classes, int runs);

  /// `predicted` holds one class per run.
  void add(std::int64_t group, int truth, std::span<const int> predicted, double weight = 1);
  /// Many rows at once, one code each; a negative prediction is none. Without weights each counts 1.
  struct Rows {
    std::span<const std::int32_t> group, truth;
    std::vector<std::span<const std::int32_t>> predicted;  ///< [run]
    std::span<const double> weights;
  };
  void add(const Rows& rows);
  Cells& operator+=(const Cells& other);

  std::int64_t groups() const { return groups_; }
  int classes() const { return classes_; }
  int runs() const { return runs_; }

  /// A cell: its true class, what each run predicted, and its count.
  struct Cell {
    int truth;
    std::vector<int> predicted;
    CellCount count;
  };
  /// The cells of a group that hold rows, in a fixed order.
  std::vector<Cell> of(std::int64_t group) const;
  CellCount total(std::int64_t group) const;
  Confusion confusion(std::int64_t group, int run) const;
  /// All groups together.
  Confusion pooled(int run) const;
  /// The same counts for some of the groups only.
  Cells only(std::span<const std::int64_t> groups) const;

 private:
  using Code = std::uint64_t;
  Cell cell(Code code, const CellCount& count) const;
  CellCount& at(std::int64_t group, Code code);
  /// Calls `visit(code, count)` for the cells of a group that hold rows, by ascending code.
  template <class Visit>
  void each(std::int64_t group, Visit visit) const;

  std::int64_t groups_;
  int classes_, runs_;
  Code codes_ = 0;                                 // of a group, where all have a place in dense_; else 0
  std::vector<CellCount> dense_;                   // groups x codes
  std::vector<std::map<Code, CellCount>> sparse_;  // by group, where the cells are too many for that
};

}  // namespace evenface::stats
