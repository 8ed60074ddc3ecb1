#include "evenface/core/progress.h"

#include <gtest/gtest.h>

namespace evenface {
namespace {

TEST(ProgressLine, SaysWhatHowManyRateAndTimeLeft) {
  EXPECT_EQ(progress_line("decode", 500, 2000, "images", 10, false, 80), "decode 500/2000 images, 50/s, 30s left");
  EXPECT_EQ(progress_line("decode", 2000, 2000, "images", 100, false, 80),
            "decode 2000/2000 images, 20/s, took 1m 40s");
}

TEST(ProgressLine, DrawsABarThatFitsTheTerminal) {
  EXPECT_EQ(progress_line("decode", 1, 2, "images", 0, true, 26), "decode ██░░░ 1/2 images");
  EXPECT_EQ(progress_line("decode", 1, 2, "images", 0, true, 10), "decode 1/2 images");
}

TEST(Progress, IsSilentWhenQuiet) {
  testing::internal::CaptureStderr();
  {
    Progress p({.quiet = true}, "decode", 2);
    p.advance(2);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Progress, PrintsALineAtTheEndWhereThereIsNoTerminal) {
  testing::internal::CaptureStderr();
  {
    Progress p({}, "decode", 2);
    p.advance(2);
  }
  const std::string shown = testing::internal::GetCapturedStderr();
  EXPECT_EQ(shown.substr(0, 17), "decode 2/2 images");
  EXPECT_EQ(shown.find('\r'), std::string::npos);
}

}  // namespace
}  // namespace evenface
