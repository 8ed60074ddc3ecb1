#include "evenface/ingest/fer2013.h"

#include <charconv>

#include <fmt/format.h>

#include "evenface/image/encode.h"
#include "evenface/ingest/text_table.h"

namespace evenface::ingest {
namespace {

constexpr int kSide = 48;  // px
constexpr std::size_t kChannels = 3;

}  // namespace

std::map<std::int64_t, Fer2013Row> read_fer2013(const std::filesystem::path& path, std::vector<Rejected>& rejected) {
  TextTable table = read_text_table(path, {"pixels", "Usage"}, rejected);
  std::map<std::int64_t, Fer2013Row> rows;
  for (std::size_t i = 0; i < table.rows(); ++i)
    rows[table.numbers[i]] = {std::move(table.columns["pixels"][i]), std::move(table.columns["Usage"][i])};
  return rows;
}

Checked<std::string> fer2013_picture(const std::string& pixels) {
  image::Picture picture = image::blank_picture(kSide, kSide);
  std::size_t count = 0;
  const char* const end = pixels.data() + pixels.size();
  for (const char* at = pixels.data(); at != end; ++count) {
    std::uint8_t value = 0;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc() || (next != end && *next != ' '))
      return std::unexpected(Problem{.at = fmt::format("pixel {}", count + 1),
                                     .found = fmt::format("\"{}\"", std::string(at, end).substr(0, 10)),
                                     .expected = "whole numbers from 0 to 255 with spaces between",
                                     .remedy = "take the row from another copy of fer2013.csv"});
    if (kChannels * count < picture.pixels.size())
      for (std::size_t c = 0; c < kChannels; ++c) picture.pixels[kChannels * count + c] = value;
    at = next == end ? end : next + 1;
  }
  if (count * kChannels != picture.pixels.size())
    return std::unexpected(Problem{.at = "pixels",
                                   .found = fmt::format("{} numbers", count),
                                   .expected = fmt::format("{} x {}", kSide, kSide),
                                   .remedy = "take the row from another copy of fer2013.csv"});
  return image::encode_png(picture);
}

}  // namespace evenface::ingest
