#include "evenface/image/header.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "evenface/image/orientation.h"

namespace evenface::image {
namespace {

using namespace std::string_view_literals;

std::unexpected<Problem> refuse(std::string found, std::string expected, std::string remedy) {
  return std::unexpected(
      Problem{.found = std::move(found), .expected = std::move(expected), .remedy = std::move(remedy)});
}

std::unexpected<Problem> refuse_cut_header() {
  return refuse("the image's header is damaged or cut short", "a complete JPEG, PNG or WebP file",
                "copy or download the file again, or remove its row");
}

/// `count` bytes at `offset` as a number, most significant first. The caller has checked the bounds.
std::uint32_t big_endian(std::string_view bytes, std::size_t offset, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[offset + i]);
  return value;
}

std::uint32_t little_endian(std::string_view bytes, std::size_t offset, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(bytes[offset + i]);
  return value;
}

/// Sizes as stored, before any check, and the EXIF block if there is one.
struct RawHeader {
  ImageHeader header;
  std::int64_t width = 0, height = 0;
  std::string_view exif;
};

bool starts_frame(std::uint8_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

void read_jpeg_segment(std::uint8_t marker, std::string_view segment, RawHeader& raw) {
  if (starts_frame(marker) && segment.size() >= 6) {
    raw.height = big_endian(segment, 1, 2);
    raw.width = big_endian(segment, 3, 2);
    raw.header.components = static_cast<std::uint8_t>(segment[5]);
  } else if (marker == 0xe1 && segment.starts_with("Exif\0\0"sv)) {
    raw.exif = segment.substr(6);
  } else if (marker == 0xee && segment.starts_with("Adobe"sv)) {
    raw.header.adobe = true;
  }
}

/// Walks the marker segments up to the first scan.
std::optional<RawHeader> read_jpeg(std::string_view bytes) {
  RawHeader raw{.header = {.format = Format::kJpeg}};
  std::size_t at = 2;
  while (at + 4 <= bytes.size()) {
    if (bytes[at] != '\xff') return std::nullopt;
    const auto marker = static_cast<std::uint8_t>(bytes[at + 1]);
    if (marker == 0xff) {  // fill byte
      ++at;
      continue;
    }
    if (marker == 0xd9) return std::nullopt;
    const std::size_t length = big_endian(bytes, at + 2, 2);
    if (length < 2 || at + 2 + length > bytes.size()) return std::nullopt;
    if (marker == 0xda) return raw;
    read_jpeg_segment(marker, bytes.substr(at + 4, length - 2), raw);
    at += 2 + length;
  }
  return std::nullopt;
}

std::optional<RawHeader> read_png(std::string_view bytes) {
  if (bytes.size() < 33 || bytes.substr(12, 4) != "IHDR") return std::nullopt;
  RawHeader raw{.header = {.format = Format::kPng}};
  raw.width = big_endian(bytes, 16, 4);
  raw.height = big_endian(bytes, 20, 4);
  for (std::size_t at = 8; at + 12 <= bytes.size();) {
    const std::size_t length = big_endian(bytes, at, 4);
    if (length > bytes.size() - at - 12) break;
    if (bytes.substr(at + 4, 4) == "eXIf") raw.exif = bytes.substr(at + 8, length);
    at += 12 + length;
  }
  return raw;
}

/// Sizes of a lossy or lossless WebP bitstream, and the flags of the extended form.
bool read_webp_chunk(std::string_view name, std::string_view chunk, RawHeader& raw, bool& animated) {
  if (name == "VP8X") {
    if (chunk.size() < 10) return false;
    animated = (chunk[0] & 0x02) != 0;
    raw.width = 1 + static_cast<std::int64_t>(little_endian(chunk, 4, 3));
    raw.height = 1 + static_cast<std::int64_t>(little_endian(chunk, 7, 3));
  } else if (name == "VP8 " && raw.width == 0) {
    if (chunk.size() < 10 || chunk.substr(3, 3) != "\x9d\x01\x2a"sv) return false;
    raw.width = little_endian(chunk, 6, 2) & 0x3fff;
    raw.height = little_endian(chunk, 8, 2) & 0x3fff;
  } else if (name == "VP8L" && raw.width == 0) {
    if (chunk.size() < 5 || chunk[0] != '\x2f') return false;
    const std::uint32_t bits = little_endian(chunk, 1, 4);
    raw.width = 1 + (bits & 0x3fff);
    raw.height = 1 + (bits >> 14 & 0x3fff);
  } else if (name == "EXIF") {
    // Some writers keep JPEG's prefix.
    raw.exif = chunk.starts_with("Exif\0\0"sv) ? chunk.substr(6) : chunk;
  }
  return true;
}

std::optional<RawHeader> read_webp(std::string_view bytes, bool& animated) {
  RawHeader raw{.header = {.format = Format::kWebp}};
  for (std::size_t at = 12; at + 8 <= bytes.size();) {
    const std::size_t length = little_endian(bytes, at + 4, 4);
    const std::string_view chunk = bytes.substr(at + 8, length);
    if (!read_webp_chunk(bytes.substr(at, 4), chunk, raw, animated)) return std::nullopt;
    if (length > bytes.size() - at - 8) break;
    at += 8 + length + length % 2;
  }
  return raw;
}

Checked<ImageHeader> check(const std::optional<RawHeader>& raw) {
  if (!raw || raw->width <= 0 || raw->height <= 0) return refuse_cut_header();
  // The sides first: the product of two 32-bit sides may not fit.
  if (std::max(raw->width, raw->height) > 1'000'000 || raw->width * raw->height > kMostPixels)
    return refuse(fmt::format("the image has {} x {} pixels", raw->width, raw->height),
                  fmt::format("at most {} megapixels", kMostPixels / 1'000'000),
                  "make a smaller copy of it, or remove its row");
  const int components = raw->header.components;
  if (components != 1 && components != 3 && components != 4)
    return refuse(fmt::format("a JPEG with {} colour components", components), "1, 3 or 4", "save it as RGB");
  ImageHeader header = raw->header;
  header.orientation = exif_orientation(raw->exif);
  header.width = static_cast<int>(raw->width);
  header.height = static_cast<int>(raw->height);
  if (swaps_sides(header.orientation)) std::swap(header.width, header.height);
  return header;
}

}  // namespace

Checked<ImageHeader> read_header(std::string_view bytes) {
  if (bytes.empty())
    return refuse("the file is empty", "a JPEG, PNG or WebP image", "copy or download it again, or remove its row");
  if (bytes.starts_with("\xff\xd8"sv)) return check(read_jpeg(bytes));
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return check(read_png(bytes));
  if (bytes.size() >= 12 && bytes.starts_with("RIFF"sv) && bytes.substr(8, 4) == "WEBP") {
    bool animated = false;
    const auto raw = read_webp(bytes, animated);
    if (animated) return refuse("an animated WebP", "a still picture", "save one frame of it as a picture");
    return check(raw);
  }
  return refuse("the file is no JPEG, PNG or WebP image", "a file in one of these formats",
                "convert it to JPEG or PNG, or remove its row");
}

}  // namespace evenface::image
