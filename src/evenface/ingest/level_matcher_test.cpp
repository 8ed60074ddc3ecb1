#include "evenface/ingest/level_matcher.h"

#include <gmock/gmock.h>

namespace evenface::ingest {
namespace {

TEST(RangeBehindDate, UndoesWhatSpreadsheetsDo) {
  for (const char* mangled : {"03-Sep", "3-Sep", "9-Mar", "09-Mar", "Sep-03", "Mar-09", "03-sep"})
    EXPECT_EQ(range_behind_date(mangled), "3-9") << mangled;
  for (const char* mangled : {"Oct-19", "19-Oct", "10-19"}) EXPECT_EQ(range_behind_date(mangled), "10-19") << mangled;
  for (const char* other : {"", "-", "3", "Sept", "3-Sep-2021", "more than 70", "x-3"})
    EXPECT_EQ(range_behind_date(other), std::nullopt) << other;
}

TEST(LevelMatcher, FindsTheLevelThatASpellingMeans) {
  const LevelMatcher ages({"0-2", "3-9", "10-19", "more than 70"}, {{"70+", "more than 70"}});
  EXPECT_EQ(ages.match("3-9"), 1);
  EXPECT_EQ(ages.match("09-Mar"), 1);
  EXPECT_EQ(ages.match("19-Oct"), 2);
  EXPECT_EQ(ages.match("70+"), 3);
  EXPECT_EQ(ages.match(" More than 70 "), 3);
  const LevelMatcher races({"Latino_Hispanic", "East Asian"});
  EXPECT_EQ(races.match("latino hispanic"), 0);
  EXPECT_EQ(races.match("East_Asian"), 1);
}

TEST(LevelMatcher, GuessesNothing) {
  const LevelMatcher ages({"0-2", "3-9", "10-19"});
  for (const char* other : {"", "4-9", "04-Sep", "20-29", "3", "9"})
    EXPECT_EQ(ages.match(other), std::nullopt) << other;
  const LevelMatcher races({"Asian", "East Asian"});
  EXPECT_EQ(races.match("South Asian"), std::nullopt);
}

}  // namespace
}  // namespace evenface::ingest
