#include "evenface/image/decode.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <turbojpeg.h>

#include "evenface/core/file.h"
#include "evenface/core/random.h"
#include "evenface/image/encode.h"

namespace evenface::image {
namespace {

const std::filesystem::path kData = std::filesystem::path(__FILE__).parent_path() / "testdata";

// Oracle: Pillow's pixels, written by tests/reference/image_fixtures.py.
TEST(Decode, ShowsWhatPillowShows) {
  const auto expected = nlohmann::json::parse(read_file(kData / "decoded.json"));
  ASSERT_GE(expected.size(), 23u);
  for (const auto& file : expected) {
    SCOPED_TRACE(file["file"].get<std::string>());
    const std::string bytes = read_file(kData / file["file"].get<std::string>());
    const auto header = read_header(bytes);
    const auto picture = decode(bytes);
    ASSERT_TRUE(header && picture);
    EXPECT_EQ(header->width, file["width"]);
    EXPECT_EQ(header->height, file["height"]);
    ASSERT_EQ(picture->width, header->width);
    ASSERT_EQ(picture->height, header->height);
    for (const auto& point : file["points"])
      for (int c = 0; c < 3; ++c) EXPECT_NEAR(picture->at(point["x"], point["y"])[c], point["rgb"][c].get<int>(), 2);
  }
}

// TurboJPEG writes YCCK with Adobe's inversion when it is given CMYK.
TEST(Decode, ReadsYcck) {
  constexpr int side = 16;
  std::vector<std::uint8_t> cmyk;
  for (int i = 0; i < side * side; ++i) cmyk.insert(cmyk.end(), {255, 128, 64, 200});  // Adobe: 255 is no ink
  tjhandle encoder = tjInitCompress();
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  ASSERT_EQ(tjCompress2(encoder, cmyk.data(), side, 0, side, TJPF_CMYK, &buffer, &size, TJSAMP_444, 100, 0), 0);
  const std::string bytes(reinterpret_cast<char*>(buffer), size);
  tjFree(buffer);
  tjDestroy(encoder);
  const auto picture = decode(bytes);
  ASSERT_TRUE(picture);
  EXPECT_NEAR(picture->at(5, 5)[0], 200, 2);
  EXPECT_NEAR(picture->at(5, 5)[1], 128 * 200 / 255, 2);
  EXPECT_NEAR(picture->at(5, 5)[2], 64 * 200 / 255, 2);
}

Picture gradient(int width, int height) {
  Picture picture = blank_picture(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      std::uint8_t* p = &picture.pixels[3 * static_cast<std::size_t>(y * width + x)];
      p[0] = static_cast<std::uint8_t>(255 * x / width);
      p[1] = static_cast<std::uint8_t>(255 * y / height);
      p[2] = static_cast<std::uint8_t>(127 + 60 * ((x / 8 + y / 8) % 2));
    }
  return picture;
}

TEST(Decode, ScalesToTheSmallestEighthThatIsLargeEnough) {
  const std::string bytes = encode_jpeg(gradient(320, 240), 95);
  struct Case {
    int at_least, width, height;
  };
  for (const auto& [at_least, width, height] : {Case{0, 320, 240}, Case{30, 40, 30}, Case{31, 80, 60},
                                                Case{160, 240, 180}, Case{200, 280, 210}, Case{500, 320, 240}}) {
    const auto picture = decode(bytes, at_least);
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->width, width) << at_least;
    EXPECT_EQ(picture->height, height) << at_least;
    EXPECT_NEAR(picture->at(width / 2, height / 2)[0], 127, 6);
  }
}

TEST(Decode, PngIsLossless) {
  const Picture picture = gradient(33, 21);
  const auto again = decode(encode_png(picture));
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, picture);
}

TEST(Decode, RefusesEmptyUnknownAndAnimatedFiles) {
  EXPECT_EQ(decode("").error().found, "the file is empty");
  EXPECT_NE(decode("GIF89a.............").error().found.find("no JPEG, PNG or WebP"), std::string::npos);
  EXPECT_NE(decode(read_file(kData / "animated.webp")).error().found.find("animated"), std::string::npos);
  EXPECT_FALSE(decode("").error().remedy.empty());
}

TEST(Decode, RefusesHugePicturesByTheirHeader) {
  std::string png = read_file(kData / "rgb.png");
  png.replace(16, 8, std::string("\0\0\x30\0\0\0\x30\0", 8));  // 12,288 x 12,288
  EXPECT_NE(decode(png).error().found.find("12288 x 12288"), std::string::npos);

  std::string jpeg = encode_jpeg(gradient(16, 16));
  const std::size_t frame = jpeg.find("\xff\xc0");
  ASSERT_NE(frame, std::string::npos);
  jpeg.replace(frame + 5, 4, "\xff\xf0\xff\xf0");
  EXPECT_NE(decode(jpeg).error().expected.find("100 megapixels"), std::string::npos);
}

// Found by fuzzing: the product of these sides overflowed 64 bits.
TEST(Decode, RefusesSidesWhoseProductDoesNotFit) {
  std::string png = read_file(kData / "rgb.png");
  png.replace(16, 8, std::string(8, '\xff'));
  const auto refused = read_header(png);
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().found.find("4294967295 x 4294967295"), std::string::npos);
}

// Found by fuzzing: OpenCV passed a WebP that it didn't know on to a reader of
// medical pictures, whose assertion ended the process.
TEST(Decode, RefusesAWebPThatPosesAsAnotherFormat) {
  std::string webp("RIFF\x84\0\0\0WEBPjunk\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0VP8L\x50\0\0\0/", 39);
  webp.resize(128);
  webp += "DICM\xa1" + std::string(1, '\0') + "\xe2\x7fOB\"\x8e";
  ASSERT_TRUE(read_header(webp).has_value());
  EXPECT_NE(decode(webp).error().found.find("damaged"), std::string::npos);
}

TEST(Decode, RefusesEveryTruncation) {
  const std::string jpeg = encode_jpeg(gradient(40, 40)), png = encode_png(gradient(40, 40));
  const std::string webp = read_file(kData / "lossless.webp");
  for (const std::string& whole : {jpeg, png, webp})
    for (std::size_t kept = 0; kept < whole.size() - 16; kept += 7)
      EXPECT_FALSE(decode(whole.substr(0, kept))) << kept << " of " << whole.size() << " bytes";
}

// Whatever the bytes, the answer is a picture of the announced size or a Problem.
TEST(Decode, SurvivesHostileBytes) {
  const std::vector<std::string> seeds{encode_jpeg(gradient(40, 24)),   read_file(kData / "orientation_6.jpg"),
                                       read_file(kData / "cmyk.jpg"),   read_file(kData / "progressive.jpg"),
                                       encode_png(gradient(40, 24)),    read_file(kData / "turned.png"),
                                       read_file(kData / "lossy.webp"), read_file(kData / "turned.webp")};
  int decoded = 0, refused = 0;
  for (std::uint64_t trial = 0; trial < 4000; ++trial) {
    Stream stream(1, "hostile", {trial});
    std::string bytes = seeds[trial % seeds.size()];
    for (std::uint64_t flips = 1 + stream.below(4); flips > 0; --flips)
      bytes[stream.below(bytes.size())] = static_cast<char>(stream.below(256));
    if (stream.below(4) == 0) bytes.resize(stream.below(bytes.size()));
    const auto header = read_header(bytes);
    // Damaged sizes may announce large pictures; this test is about safety, not about their decoding time.
    if (header && std::int64_t{header->width} * header->height > 1'000'000) continue;
    const auto picture = decode(bytes);
    picture ? ++decoded : ++refused;
    if (!picture) continue;
    EXPECT_EQ(picture->width, header->width);
    EXPECT_EQ(picture->height, header->height);
  }
  EXPECT_GT(decoded, 100);
  EXPECT_GT(refused, 1000);
}

TEST(Decode, ReadsRealFaces) {
  const char* shared = std::getenv("EVENFACE_SHARED");
  if (!shared) GTEST_SKIP() << "EVENFACE_SHARED names no folder with real pictures";
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(shared) / "data/fairface/val")) {
    const auto picture = decode(read_file(entry.path()), 160);
    ASSERT_TRUE(picture) << entry.path() << ": " << picture.error().found;
    EXPECT_GE(std::min(picture->width, picture->height), 100);
    if (++read == 500) break;
  }
  EXPECT_EQ(read, 500);
}

}  // namespace
}  // namespace evenface::image
