#include "evenface/core/hash.h"

#include <gtest/gtest.h>

#include "evenface/core/file.h"
#include "evenface/core/scratch.h"

namespace evenface {
namespace {

// The empty input's XXH3-128, from the xxHash test vectors.
TEST(ContentHash, MatchesThePublishedVector) { EXPECT_EQ(content_hash(""), "99aa06d3014798d86001c324468d497f"); }

// FIPS 180-2, appendix B.1.
TEST(Sha256, MatchesThePublishedVector) {
  const Scratch scratch;
  write_file(scratch / "abc", "abc");
  EXPECT_EQ(sha256_of_file(scratch / "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace evenface
