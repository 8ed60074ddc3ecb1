#include <cmath>
#include <cstring>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/scratch.h"
#include "evenface/net/weights.h"

namespace evenface::net {
namespace {

/// A file with this header and this many zero bytes of data.
std::string file_of(const std::string& header, std::size_t data_bytes) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + std::string(data_bytes, '\0');
}

// The bytes that the reference library (safetensors 0.8.0, Python) writes for
// {"b": bfloat16 [1.5, -2], "h": float16 [65504, 2^-24], "i": int64 7} with metadata {"k": "v"}.
TEST(Safetensors, ReadsTheReferenceLibrarysFile) {
  std::string bytes = file_of(R"({"__metadata__":{"k":"v"},"i":{"dtype":"I64","shape":[],"data_offsets":[0,8]},)"
                              R"("b":{"dtype":"BF16","shape":[2],"data_offsets":[8,12]},)"
                              R"("h":{"dtype":"F16","shape":[2,1],"data_offsets":[12,16]}})",
                              0);
  bytes += std::string("\x07\0\0\0\0\0\0\0\xc0\x3f\0\xc0\xff\x7b\x01\0", 16);
  const Weights weights = parse_safetensors(bytes, "x");
  EXPECT_EQ(weights.metadata.at("k"), "v");
  EXPECT_EQ(weights.tensors.at("i"), (Tensor{{}, std::vector<std::int64_t>{7}}));
  EXPECT_EQ(weights.tensors.at("b"), (Tensor{{2}, std::vector<float>{1.5f, -2.0f}}));
  EXPECT_EQ(weights.tensors.at("h"), (Tensor{{2, 1}, std::vector<float>{65504.0f, 0x1p-24f}}));
}

RC_GTEST_PROP(Safetensors, ReadsWhatItWrote,
              (const std::map<std::string, std::pair<std::vector<float>, std::vector<std::int64_t>>>& content)) {
  Weights weights{.tensors = {}, .metadata = {{"note", "1"}, {"architecture", "none"}}};
  for (const auto& [name, values] : content) {
    std::string plain = "t";
    for (const char c : name) plain += std::to_string(static_cast<int>(c));
    weights.tensors[plain + ".f"] = {{static_cast<std::int64_t>(values.first.size())}, values.first};
    weights.tensors[plain + ".i"] = {{1, static_cast<std::int64_t>(values.second.size())}, values.second};
  }
  const Scratch scratch;
  write_safetensors(scratch / "a.safetensors", weights);
  write_safetensors(scratch / "b.safetensors", weights);
  const Weights back = read_safetensors(scratch / "a.safetensors");
  RC_ASSERT(back.tensors == weights.tensors);
  RC_ASSERT(back.metadata == weights.metadata);
  RC_ASSERT(read_file(scratch / "a.safetensors") == read_file(scratch / "b.safetensors"));
}

TEST(Safetensors, RefusesHostileFiles) {
  const auto one = [](const std::string& described) { return R"({"a":)" + described + "}"; };
  const auto two = [](const char* first, const char* second) {
    return std::string(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":)") + first +
           R"(},"b":{"dtype":"F32","shape":[2],"data_offsets":)" + second + "}}";
  };
  const std::pair<std::string, const char*> files[] = {
      {"", "empty"},
      {"abc", "shorter than the length"},
      {std::string(8, '\xff'), "a header of 2^64 bytes"},
      {file_of("{}", 0).substr(0, 9), "cut in the header"},
      {file_of("not json", 0), "no JSON"},
      {file_of("[1]", 0), "no object"},
      {file_of(std::string(100000, '['), 0), "deep nesting"},
      {file_of(one("3"), 4), "no description"},
      {file_of(one(R"({"dtype":"F32","shape":[1]})"), 4), "no offsets"},
      {file_of(one(R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})"), 4), "negative shape"},
      {file_of(one(R"({"dtype":"F32","shape":[1],"data_offsets":[0.5,4]})"), 4), "fraction"},
      {file_of(one(R"({"dtype":"F32","shape":[1],"data_offsets":[4,0]})"), 4), "backwards"},
      {file_of(one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,4]})"), 4), "too few bytes for the shape"},
      {file_of(one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})"), 3), "data cut short"},
      {file_of(one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})"), 9), "bytes after the data"},
      {file_of(one(R"({"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]})"), 0), "overflowing shape"},
      {file_of(one(R"({"dtype":"F64","shape":[1],"data_offsets":[0,8]})"), 8), "type"},
      {file_of(two("[0,8]", "[4,12]"), 12), "overlap"},
      {file_of(two("[0,8]", "[0,8]"), 8), "the same bytes twice"},
      {file_of(two("[0,8]", "[12,20]"), 20), "gap"},
      {file_of(R"({"__metadata__":{"k":1}})", 0), "metadata that is no text"},
  };
  for (const auto& [bytes, what] : files) EXPECT_THROW(parse_safetensors(bytes, what), InputError) << what;
  EXPECT_THROW(read_safetensors("/nonexistent/x.safetensors"), InputError);
}

RC_GTEST_PROP(Safetensors, NeverCrashesOnDamagedFiles, (std::vector<std::pair<std::uint16_t, char>> damage)) {
  std::string bytes = file_of(R"({"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},)"
                              R"("b":{"dtype":"I64","shape":[],"data_offsets":[8,16]}})",
                              16);
  for (const auto& [at, value] : damage) bytes[at % bytes.size()] = value;
  try {
    parse_safetensors(bytes, "damaged");
  } catch (const InputError&) {
    return;  // refused, as it may
  }
}

}  // namespace
}  // namespace evenface::net
