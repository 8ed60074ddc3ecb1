#include "evenface/table/factor.h"

#include <gmock/gmock.h>

#include "evenface/core/error.h"

namespace evenface::table {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

Factor make(std::string name, std::vector<std::string> texts, std::vector<std::string> levels = {}) {
  return factor_of(std::move(name), texts, std::move(levels));
}

TEST(FactorOf, SortsLevelsUnlessGiven) {
  const Factor f = make("race", {"White", "Black", "", "White"});
  EXPECT_THAT(f.levels, ElementsAre("Black", "White"));
  EXPECT_THAT(f.codes, ElementsAre(1, 0, -1, 1));
  EXPECT_THAT(make("race", {"b", "a"}, {"b", "c", "a"}).codes, ElementsAre(0, 2));
  EXPECT_EQ(f.level_at(0), "White");
  EXPECT_EQ(f.level_at(2), "");
}

TEST(FactorOf, NamesTheRowOfAnUnknownLevel) {
  try {
    make("emotion", {"fear", "feer"}, {"fear", "joy"});
    FAIL() << "did not throw";
  } catch (const InputError& e) {
    EXPECT_THAT(e.what(), HasSubstr("row 2, column emotion: unknown level \"feer\""));
    EXPECT_THAT(e.what(), HasSubstr("one of fear, joy"));
  }
}

TEST(Cross, MultipliesLevelsAndKeepsMissing) {
  const std::vector<Factor> parts{make("race", {"B", "W", "", "W"}), make("gender", {"M", "F", "F", ""}, {"M", "F"})};
  const Factor c = cross(parts);
  EXPECT_EQ(c.name, "race,gender");
  EXPECT_THAT(c.levels, ElementsAre("B M", "B F", "W M", "W F"));
  EXPECT_THAT(c.codes, ElementsAre(0, 3, -1, -1));
}

TEST(Cross, RefusesDifferentLengths) {
  const std::vector<Factor> parts{make("race", {"B"}), make("gender", {"M", "F"})};
  EXPECT_THROW(cross(parts), InputError);
}

TEST(WithLevels, RemapsByName) {
  const Factor f = make("race", {"b", "a", ""});
  EXPECT_THAT(with_levels(f, {"b", "x", "a"}).codes, ElementsAre(0, 2, -1));
  EXPECT_THROW(with_levels(f, {"b"}), InputError);
}

}  // namespace
}  // namespace evenface::table
