#include "evenface/stats/moments.h"

#include <algorithm>
#include <cmath>

#include "evenface/core/error.h"

namespace evenface::stats {
namespace {
constexpr double kUnit = 1.0 / (std::int64_t{1} << 44);
constexpr double kLargest = static_cast<double>(std::int64_t{1} << 48);
}  // namespace

void FixedSum::add(double x) {
  require(std::abs(x) < kLargest, "a number is too large to be added up exactly", x);
  units_ += static_cast<Integer>(std::nearbyint(x / kUnit));
}

FixedSum& FixedSum::operator+=(const FixedSum& other) {
  units_ += other.units_;
  return *this;
}

double FixedSum::value() const { return static_cast<double>(units_) * kUnit; }

void Moments::add(double x, double weight, Person person) {
  require(std::isfinite(weight) && weight >= 0, "a weight must be a number of at least 0", weight);
  add(x, {1, rounded_weight(weight), rounded_weight(weight * weight)}, person);
}

void Moments::add(double x, const CellCount& rows, Person person) {
  require(std::isfinite(x), "only finite numbers have a mean", x);
  if (rows.rows == 0) return;
  low_ = rows_ == 0 ? x : std::min(low_, x);
  high_ = rows_ == 0 ? x : std::max(high_, x);
  rows_ += rows.rows;
  mass_.add(rows.mass), squares_.add(rows.squares);
  sum_.add(rows.mass * x), sum_squares_.add(rows.squares * x), squared_sum_.add(rows.squares * x * x);
  if (!person) return;
  Sums& own = persons_[*person];
  own.mass.add(rows.mass), own.sum.add(rows.mass * x);
}

Moments& Moments::operator+=(const Moments& other) {
  if (other.rows_ == 0) return *this;
  low_ = rows_ == 0 ? other.low_ : std::min(low_, other.low_);
  high_ = rows_ == 0 ? other.high_ : std::max(high_, other.high_);
  rows_ += other.rows_;
  mass_ += other.mass_, squares_ += other.squares_;
  sum_ += other.sum_, sum_squares_ += other.sum_squares_, squared_sum_ += other.squared_sum_;
  for (const auto& [person, sums] : other.persons_) {
    Sums& own = persons_[person];
    own.mass += sums.mass, own.sum += sums.sum;
  }
  return *this;
}

double Moments::effective_rows() const {
  const double mass = mass_.value(), squares = squares_.value();
  const double effective = squares > 0 ? mass * mass / squares : 0;
  return by_person() ? std::min(effective, static_cast<double>(persons_.size())) : effective;
}

double Moments::mean() const { return sum_.value() / mass_.value(); }

double Moments::variance_of_mean() const {
  if (low_ == high_ || rows_ < 2) return 0;  // rounding must not make up a variance
  const double m = mean(), mass = mass_.value(), n = static_cast<double>(rows_);
  const double about_mean = squared_sum_.value() - 2 * m * sum_squares_.value() + m * m * squares_.value();
  return std::max(n / (n - 1) * std::max(0.0, about_mean) / (mass * mass), variance_over_persons());
}

double Moments::variance_over_persons() const {
  const auto persons = static_cast<double>(persons_.size());
  if (persons < 2) return 0;
  const double m = mean(), mass = mass_.value();
  double squares = 0;
  for (const auto& [person, sums] : persons_) {
    const double apart = sums.sum.value() - m * sums.mass.value();
    squares += apart * apart;
  }
  return persons / (persons - 1) * squares / (mass * mass);
}

}  // namespace evenface::stats
