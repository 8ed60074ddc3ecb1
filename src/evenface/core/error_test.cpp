#include "evenface/core/error.h"

#include <gmock/gmock.h>

namespace evenface {
namespace {

TEST(Describe, SaysWhereWhatWasExpectedAndWhatToDo) {
  const Problem p{"faces.csv", "row 12", "unknown label \"Surprize\"", "one of: anger, surprise", "correct the cell"};
  EXPECT_EQ(describe(p),
            "faces.csv, row 12: unknown label \"Surprize\"\n"
            "  expected  one of: anger, surprise\n"
            "  to fix    correct the cell");
}

TEST(Describe, LetsNoTextOfAFileMoveTheCursor) {
  EXPECT_EQ(describe({.file = "a.csv", .found = "unknown class \x1b[2J"}), "a.csv: unknown class \\x1b[2J");
}

TEST(Describe, LeavesOutWhatIsNotKnown) { EXPECT_EQ(describe({.found = "no rows"}), "no rows"); }

TEST(Require, NamesTheOffendingValues) {
  EXPECT_NO_THROW(require(true, "never"));
  try {
    require(false, "successes must lie in 0..trials", 5, 3);
    FAIL() << "did not throw";
  } catch (const InputError& e) {
    EXPECT_EQ(e.problem().found, "successes must lie in 0..trials; got 5, 3");
  }
}

TEST(Ensure, IsAnInternalErrorWithItsPlace) {
  try {
    ensure(1 + 1 == 3, "arithmetic");
    FAIL() << "did not throw";
  } catch (const InternalError& e) {
    EXPECT_THAT(e.what(), testing::ContainsRegex("error_test.cpp:[0-9]+: arithmetic"));
  }
}

}  // namespace
}  // namespace evenface
