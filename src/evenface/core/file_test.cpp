#include "evenface/core/file.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "evenface/core/error.h"
#include "evenface/core/scratch.h"

namespace evenface {
namespace {
namespace fs = std::filesystem;

TEST(WriteFile, WritesWhatReadFileReads) {
  const Scratch scratch;
  const std::string bytes("a\0b\n", 4);
  write_file(scratch / "deep/er/later", bytes, Flush::kLater);
  flush_file_system(scratch.path());
  EXPECT_EQ(read_file(scratch / "deep/er/later"), bytes);
  write_file(scratch / "deep/er/file", bytes);
  EXPECT_EQ(read_file(scratch / "deep/er/file"), bytes);
}

TEST(AtomicFile, LeavesTheOldFileUntilCommitted) {
  const Scratch scratch;
  write_file(scratch / "file", "old");
  {
    AtomicFile file(scratch / "file");
    file.write("new");
    EXPECT_EQ(read_file(scratch / "file"), "old");
  }
  EXPECT_EQ(read_file(scratch / "file"), "old");
  EXPECT_FALSE(fs::exists(scratch / "file.partial"));
}

TEST(ReadFile, NamesTheMissingFileAndTheRemedy) {
  try {
    read_file("/nowhere/at/all");
    FAIL() << "did not throw";
  } catch (const InputError& e) {
    EXPECT_EQ(e.problem().file, "/nowhere/at/all");
    EXPECT_THAT(e.problem().found, testing::HasSubstr("No such file"));
    EXPECT_THAT(e.problem().remedy, testing::Not(testing::IsEmpty()));
  }
}

TEST(RequireCanMake, MakesNothing) {
  const Scratch scratch;
  write_file(scratch / "file", "x");
  EXPECT_NO_THROW(require_can_make(scratch / "new/deep"));
  EXPECT_NO_THROW(require_can_make("here"));
  EXPECT_FALSE(fs::exists(scratch / "new"));
  EXPECT_THROW(require_can_make(scratch / "file"), InputError);
  EXPECT_THROW(require_can_make(scratch / "file/below"), InputError);
}

TEST(WriteFile, SaysWhenTheDeviceIsFull) {
  if (access("/dev/full", W_OK) != 0) GTEST_SKIP() << "this machine has no /dev/full";
  const Scratch scratch;
  fs::create_symlink("/dev/full", scratch / "file.partial");
  try {
    write_file(scratch / "file", std::string(1 << 20, 'x'));
    FAIL() << "did not throw";
  } catch (const InputError& e) {
    EXPECT_THAT(e.problem().found, testing::HasSubstr("No space left"));
    EXPECT_THAT(e.problem().remedy, testing::HasSubstr("free some space"));
  }
  EXPECT_FALSE(fs::exists(scratch / "file"));
}

}  // namespace
}  // namespace evenface
