#include "evenface/balance/validation_attention.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <gmock/gmock.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "evenface/core/error.h"

namespace evenface::balance {
namespace {

struct Published {
  const char* group;
  std::int64_t rows, correct;
  double weight;
};

// The file of weights that the authors published, recomputed from their own counts;
// their accuracies are in percent, rounded to one decimal.
constexpr Published kPublished[] = {
    {"Black Male", 376, 266, 0.6137921335999794},
    {"Black Female", 356, 244, 0.6673812633461877},
    {"East Asian Male", 365, 251, 0.6598068568507154},
    {"East Asian Female", 354, 220, 0.8513875481814945},
    {"Indian Male", 352, 217, 0.867739304798103},
    {"Indian Female", 378, 253, 0.7092712084689949},
    {"Latino_Hispanic Male", 354, 131, 2.2124754312770327},
    {"Latino_Hispanic Female", 383, 178, 1.541348787364965},
    {"Middle Eastern Male", 385, 207, 1.167551604456461},
    {"Middle Eastern Female", 396, 209, 1.2128302925476515},
    {"Southeast Asian Male", 357, 187, 1.2314296776956364},
    {"Southeast Asian Female", 372, 216, 0.9913410658091903},
    {"White Male", 385, 209, 1.145550158206605},
    {"White Female", 349, 198, 1.045578460511964},
};

TEST(ValidationAttention, MatchesThePublishedWeights) {
  std::vector<double> percent;
  for (const Published& p : kPublished)
    percent.push_back(std::round(1000.0 * static_cast<double>(p.correct) / static_cast<double>(p.rows)) / 10);
  const std::vector<double> weights = validation_attention(percent);
  for (std::size_t c = 0; c < weights.size(); ++c)
    EXPECT_NEAR(weights[c], kPublished[c].weight, 1e-12) << kPublished[c].group;
}

TEST(ValidationAttention, FromCountsDiffersOnlyByTheRounding) {
  std::vector<ClassCounts> counts;
  for (const Published& p : kPublished) counts.push_back({p.rows, p.correct});
  const std::vector<double> weights = validation_attention(counts);
  for (std::size_t c = 0; c < weights.size(); ++c) EXPECT_NEAR(weights[c], kPublished[c].weight, 0.005);
}

TEST(ValidationAttention, EqualAccuraciesChangeNothing) {
  EXPECT_THAT(validation_attention(std::vector<double>{.1 + .2, .3, .3}), testing::Each(1.0));
  EXPECT_THAT(validation_attention(std::vector<double>{0, 0}), testing::Each(1.0));
  EXPECT_TRUE(validation_attention(std::vector<double>{}).empty());
}

TEST(ValidationAttention, AClassWithoutRowsIsAverage) {
  const std::vector<double> without = validation_attention(std::vector<ClassCounts>{{10, 2}, {10, 6}});
  const std::vector<double> with = validation_attention(std::vector<ClassCounts>{{10, 2}, {0, 0}, {10, 6}});
  EXPECT_THAT(with, testing::ElementsAre(without[0], 1.0, without[1]));
  EXPECT_THAT(without, testing::ElementsAre(testing::DoubleEq(std::sqrt(2)), testing::DoubleEq(1 / std::sqrt(2))));
}

TEST(ValidationAttention, RefusesImpossibleCounts) {
  EXPECT_THROW(validation_attention(std::vector<ClassCounts>{{10, 11}}), InputError);
  EXPECT_THROW(validation_attention(std::vector<ClassCounts>{{10, -1}}), InputError);
}

RC_GTEST_PROP(ValidationAttention, WorseClassesWeighMore, ()) {
  const auto accuracies = *rc::gen::container<std::vector<int>>(8, rc::gen::inRange(0, 101));
  const std::vector<double> shares(accuracies.begin(), accuracies.end());
  const std::vector<double> weights = validation_attention(shares);
  for (std::size_t i = 0; i < shares.size(); ++i)
    for (std::size_t j = 0; j < shares.size(); ++j)
      if (shares[i] < shares[j]) RC_ASSERT(weights[i] > weights[j]);
}

RC_GTEST_PROP(ValidationAttention, DoesNotDependOnTheUnit, ()) {
  const auto percent = *rc::gen::container<std::vector<int>>(6, rc::gen::inRange(0, 101));
  std::vector<double> a(percent.begin(), percent.end()), b = a;
  for (double& x : b) x /= 100;
  const auto u = validation_attention(a), v = validation_attention(b);
  for (std::size_t c = 0; c < u.size(); ++c) RC_ASSERT(std::abs(u[c] - v[c]) < 1e-9);
}

}  // namespace
}  // namespace evenface::balance
