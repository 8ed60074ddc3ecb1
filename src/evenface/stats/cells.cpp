#include "evenface/stats/cells.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "evenface/core/error.h"

namespace evenface::stats {

CellCount& CellCount::operator+=(const CellCount& other) {
  rows += other.rows, mass += other.mass, squares += other.squares;
  return *this;
}

CellCount& CellCount::operator-=(const CellCount& other) {
  rows -= other.rows, mass -= other.mass, squares -= other.squares;
  return *this;
}

double rounded_weight(double weight) {
  constexpr double kUnit = 1.0 / (1 << 26);
  return std::nearbyint(weight / kUnit) * kUnit;
}

namespace {
/// The place of a cell in a table of classes x (classes + 1).
std::size_t index_of(int classes, int truth, int predicted) {
  const auto columns = static_cast<std::size_t>(classes) + 1;
  return static_cast<std::size_t>(truth) * columns + static_cast<std::size_t>(predicted);
}
}  // namespace

Confusion::Confusion(int classes)
    : classes_(classes), cells_(static_cast<std::size_t>(classes) * static_cast<std::size_t>(classes + 1)) {}

void Confusion::add(int truth, int predicted, const CellCount& count) {
  ensure(0 <= truth && truth < classes_ && 0 <= predicted && predicted <= classes_, "classes that the table holds");
  cells_[index_of(classes_, truth, predicted)] += count;
}

Confusion& Confusion::operator+=(const Confusion& other) {
  ensure(other.classes_ == classes_, "tables of the same classes");
  for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i] += other.cells_[i];
  return *this;
}

Confusion& Confusion::operator-=(const Confusion& other) {
  ensure(other.classes_ == classes_, "tables of the same classes");
  for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i] -= other.cells_[i];
  return *this;
}

const CellCount& Confusion::at(int truth, int predicted) const { return cells_[index_of(classes_, truth, predicted)]; }

CellCount Confusion::total() const {
  CellCount all;
  for (const CellCount& cell : cells_) all += cell;
  return all;
}

namespace {
double bits_of(int classes, int runs) { return std::log2(classes) + runs * std::log2(classes + 1); }
}  // namespace

bool Cells::can_number(int classes, int runs) { return bits_of(classes, runs) < 63; }

Cells::Cells(std::int64_t groups, int classes, int runs) : groups_(groups), classes_(classes), runs_(runs) {
  require(classes > 0 && runs > 0, "cells need a class and a run", classes, runs);
  if (!can_number(classes, runs))
    throw InputError({.file = {},
                      .at = {},
                      .found = std::to_string(runs) + " runs over " + std::to_string(classes) + " classes",
                      .expected = "so few runs that what they say together can be numbered in 63 bits",
                      .remedy = "give fewer runs at a time, or judge one task at a time"});
  constexpr double kDenseBits = 18;  // 6 MB
  if (bits_of(classes, runs) + std::log2(std::max<std::int64_t>(1, groups)) > kDenseBits) {
    sparse_.resize(static_cast<std::size_t>(groups));
    return;
  }
  codes_ = static_cast<Code>(classes);
  for (int run = 0; run < runs; ++run) codes_ *= static_cast<Code>(classes + 1);
  dense_.resize(static_cast<std::size_t>(groups) * codes_);
}

CellCount& Cells::at(std::int64_t group, Code code) {
  const auto g = static_cast<std::size_t>(group);
  return codes_ > 0 ? dense_[g * codes_ + code] : sparse_[g][code];
}

template <class Visit>
void Cells::each(std::int64_t group, Visit visit) const {
  const auto g = static_cast<std::size_t>(group);
  for (Code code = 0; code < codes_; ++code)
    if (const CellCount& count = dense_[g * codes_ + code]; count.rows > 0) visit(code, count);
  if (codes_ == 0)
    for (const auto& [code, count] : sparse_[g]) visit(code, count);
}

void Cells::add(std::int64_t group, int truth, std::span<const int> predicted, double weight) {
  ensure(0 <= truth && truth < classes_ && predicted.size() == static_cast<std::size_t>(runs_), "a row of these cells");
  Code code = static_cast<Code>(truth);
  for (const int h : predicted) {
    ensure(0 <= h && h <= classes_, "a class that the cells hold");
    code = code * (static_cast<Code>(classes_) + 1) + static_cast<Code>(h);
  }
  at(group, code) += {1, rounded_weight(weight), rounded_weight(weight * weight)};
}

namespace {

/// The numbers of a block of rows' cells: that of the truth, then of each run's class, the last varying fastest; a
/// missing prediction counts as class `classes`. A column at a time, which keeps the loops short.
template <class Rows, class Code>
void number_cells(const Rows& rows, std::size_t first, std::span<Code> codes, int classes) {
  const Code base = static_cast<Code>(classes) + 1, missing = static_cast<Code>(classes);
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<Code>(rows.truth[first + i]);
  for (const std::span<const int> run : rows.predicted)
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const int h = run[first + i];
      codes[i] = codes[i] * base + (h < 0 ? missing : static_cast<Code>(h));
    }
}

}  // namespace

void Cells::add(const Rows& rows) {
  ensure(rows.predicted.size() == static_cast<std::size_t>(runs_), "rows of these cells");
  // Unweighted rows are counted as integers first; that is much faster than adding three numbers for each. Two counts
  // of each cell, in turn, for rows of one cell often follow each other.
  const bool few = rows.weights.empty() && !dense_.empty() && dense_.size() <= rows.truth.size();
  std::vector<std::int64_t> counts(few ? 2 * dense_.size() : 0);
  std::array<Code, 1024> block;
  for (std::size_t first = 0; first < rows.truth.size(); first += block.size()) {
    const auto codes = std::span(block).first(std::min(block.size(), rows.truth.size() - first));
    number_cells(rows, first, codes, classes_);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const int group = rows.group[first + i];
      if (few) {
        ++counts[2 * (static_cast<std::size_t>(group) * codes_ + codes[i]) + i % 2];
      } else {
        const double weight = rows.weights.empty() ? 1 : rows.weights[first + i];
        at(group, codes[i]) += {1, rounded_weight(weight), rounded_weight(weight * weight)};
      }
    }
  }
  for (std::size_t i = 0; i < counts.size() / 2; ++i)
    if (const std::int64_t n = counts[2 * i] + counts[2 * i + 1]; n > 0)
      dense_[i] += {n, static_cast<double>(n), static_cast<double>(n)};
}

Cells& Cells::operator+=(const Cells& other) {
  ensure(other.groups() == groups() && other.classes_ == classes_ && other.runs_ == runs_,
         "cells of the same rows' shards");
  for (std::size_t i = 0; i < dense_.size(); ++i) dense_[i] += other.dense_[i];
  for (std::size_t g = 0; g < sparse_.size(); ++g)
    for (const auto& [code, count] : other.sparse_[g]) sparse_[g][code] += count;
  return *this;
}

Cells::Cell Cells::cell(Code code, const CellCount& count) const {
  Cell cell{0, std::vector<int>(static_cast<std::size_t>(runs_)), count};
  const auto base = (static_cast<Code>(classes_) + 1);
  for (int run = runs_; run-- > 0; code /= base)
    cell.predicted[static_cast<std::size_t>(run)] = static_cast<int>(code % base);
  cell.truth = static_cast<int>(code);
  return cell;
}

std::vector<Cells::Cell> Cells::of(std::int64_t group) const {
  std::vector<Cell> cells;
  each(group, [&](Code code, const CellCount& count) { cells.push_back(cell(code, count)); });
  return cells;
}

CellCount Cells::total(std::int64_t group) const {
  CellCount all;
  each(group, [&](Code, const CellCount& count) { all += count; });
  return all;
}

Confusion Cells::confusion(std::int64_t group, int run) const {
  Confusion table(classes_);
  each(group, [&](Code code, const CellCount& count) {
    const Cell c = cell(code, count);
    table.add(c.truth, c.predicted[static_cast<std::size_t>(run)], count);
  });
  return table;
}

Confusion Cells::pooled(int run) const {
  Confusion table(classes_);
  for (std::int64_t g = 0; g < groups(); ++g) table += confusion(g, run);
  return table;
}

Cells Cells::only(std::span<const std::int64_t> some) const {
  Cells cells(static_cast<std::int64_t>(some.size()), classes_, runs_);
  for (std::size_t i = 0; i < some.size(); ++i)
    each(some[i], [&](Code code, const CellCount& count) { cells.at(static_cast<std::int64_t>(i), code) += count; });
  return cells;
}

}  // namespace evenface::stats
