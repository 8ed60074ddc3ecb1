#include "evenface/core/printable.h"

#include <gmock/gmock.h>

namespace evenface {
namespace {

TEST(Printable, WritesControlCharactersOut) {
  EXPECT_EQ(printable("East Asian"), "East Asian");
  EXPECT_EQ(printable("a\nb\tc\r"), "a\\nb\\tc\\r");
  EXPECT_EQ(printable("\x1b[31mred\x7f"), "\\x1b[31mred\\x7f");
  EXPECT_EQ(printable("two\nlines", true), "two\nlines");
}

TEST(Printable, LeavesOtherLettersAlone) {
  EXPECT_EQ(printable("José, 東, Â"), "José, 東, Â");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\x9b31m");
  EXPECT_EQ(printable("\xc2\xa0"), "\xc2\xa0");
}

}  // namespace
}  // namespace evenface
