#include "evenface/ingest/split.h"

#include <numeric>
#include <set>

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "evenface/ingest/testing.h"

namespace evenface::ingest {
namespace {
using testing::HasSubstr;

/// `rows` rows of split `split`; race by turns of the given levels.
Draft draft_of(int rows, int levels, std::int32_t split = 1) {
  Draft draft;
  table::Factor race{"label.race", {}, {}};
  for (int i = 0; i < levels; ++i) race.levels.push_back(std::string(1, static_cast<char>('a' + i)));
  for (int i = 0; i < rows; ++i) {
    draft.rows.push_back({.id = "row" + std::to_string(i), .split = split});
    race.codes.push_back(i % levels);
  }
  draft.columns.push_back(race);
  return draft;
}

std::vector<std::int64_t> no_kin(std::int64_t rows) {
  std::vector<std::int64_t> kin(static_cast<std::size_t>(rows));
  std::iota(kin.begin(), kin.end(), 0);
  return kin;
}

std::set<std::string> test_ids(const Draft& draft) {
  std::set<std::string> ids;
  for (const DraftRow& row : draft.rows)
    if (row.split == 2) ids.insert(row.id);
  return ids;
}

TEST(Carve, TakesTheShareOfEveryStratum) {
  Draft draft = draft_of(1000, 3);  // strata of 334, 333 and 333 rows
  carve(draft, no_kin(1000), {.from = 1, .to = 2, .share = 0.3, .stratify = {"race"}});
  std::vector<int> moved(3);
  for (std::size_t i = 0; i < 1000; ++i)
    if (draft.rows[i].split == 2) ++moved[i % 3];
  EXPECT_EQ(std::accumulate(moved.begin(), moved.end(), 0), 300);
  for (const int n : moved) EXPECT_EQ(n, 100);
}

TEST(Carve, DependsOnIdsAndSeedOnly) {
  Draft forward = draft_of(200, 2), backward = forward, other = forward;
  std::vector<std::int64_t> order = no_kin(200);
  std::ranges::reverse(order);
  keep_rows(backward, order);
  const Carving carving{.from = 1, .to = 2, .share = 0.5, .seed = 7, .stratify = {"label.race"}};
  carve(forward, no_kin(200), carving);
  carve(backward, no_kin(200), carving);
  EXPECT_EQ(test_ids(forward), test_ids(backward));
  Carving reseeded = carving;
  reseeded.seed = 8;
  carve(other, no_kin(200), reseeded);
  EXPECT_NE(test_ids(forward), test_ids(other));
  EXPECT_EQ(test_ids(other).size(), 100u);
}

RC_GTEST_PROP(Carve, KeepsKinTogether, ()) {
  const int rows = *rc::gen::inRange(1, 60);
  Draft draft = draft_of(rows, 2);
  std::vector<std::int64_t> kin;
  for (int i = 0; i < rows; ++i) kin.push_back(*rc::gen::inRange(0, i + 1));
  for (std::size_t i = 0; i < kin.size(); ++i) kin[i] = kin[static_cast<std::size_t>(kin[i])];
  for (DraftRow& row : draft.rows)
    if (*rc::gen::inRange(0, 5) == 0) row.split = 0;
  draft.rows[0].split = 1;
  std::vector<std::int32_t> before;
  for (const DraftRow& row : draft.rows) before.push_back(row.split);
  carve(draft, kin, {.from = 1, .to = 2, .share = 0.5});
  for (std::size_t i = 0; i < kin.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (kin[i] == kin[j]) {
        if (before[i] == before[j]) RC_ASSERT(draft.rows[i].split == draft.rows[j].split);
        else RC_ASSERT(draft.rows[i].split != 2);  // kin of another split stays out of test
      }
}

TEST(Carve, RefusesAnEmptySplitAndAnUnknownStratum) {
  Draft draft = draft_of(10, 2);
  EXPECT_THAT(message_of([&] { carve(draft, no_kin(10), {.from = 0, .to = 2}); }), HasSubstr("\"train\" has no rows"));
  EXPECT_THAT(message_of([&] { carve(draft, no_kin(10), {.from = 1, .to = 2, .stratify = {"mood"}}); }),
              HasSubstr("there is no label or attribute \"mood\""));
}

TEST(DrawSample, LeavesTheLimitOfEachSplitInTheOldOrder) {
  Draft draft = draft_of(100, 2);
  for (std::size_t i = 0; i < 5; ++i) draft.rows[i].split = 0;
  draw_sample(draft, 20, 1);
  EXPECT_EQ(draft.row_count(), 25);
  EXPECT_EQ(draft.columns[0].rows(), 25);
  std::vector<int> numbers;
  for (const DraftRow& row : draft.rows) numbers.push_back(std::stoi(row.id.substr(3)));
  EXPECT_TRUE(std::ranges::is_sorted(numbers));
  for (std::size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(draft.columns[0].codes[i], numbers[i] % 2);
}

}  // namespace
}  // namespace evenface::ingest
