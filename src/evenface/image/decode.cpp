#include "evenface/image/decode.h"

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <turbojpeg.h>
#include <webp/decode.h>

#include "evenface/image/mat.h"
#include "evenface/image/orientation.h"

namespace evenface::image {
namespace {

std::unexpected<Problem> refuse_damaged(std::string detail) {
  return std::unexpected(Problem{.found = "the image is damaged or cut short: " + std::move(detail),
                                 .expected = "a complete JPEG, PNG or WebP file",
                                 .remedy = "copy or download the file again, or remove its row"});
}

/// The smallest n/8, n = 1..8, whose scaled shorter side is at least `at_least_px`; 8/8 if none is.
tjscalingfactor scale_for(int shorter_side, int at_least_px) {
  for (int n = 1; at_least_px > 0 && n < 8; ++n) {
    const tjscalingfactor factor{n, 8};
    if (TJSCALED(shorter_side, factor) >= at_least_px) return factor;
  }
  return {8, 8};
}

/// Uncalibrated CMYK, 0 = no ink. Adobe's files store 255 - ink.
Picture rgb_from_cmyk(const std::vector<std::uint8_t>& cmyk, int width, int height, bool inverted) {
  Picture picture = blank_picture(width, height);
  const std::size_t pixels = picture.pixels.size() / 3;
  for (std::size_t i = 0; i < pixels; ++i) {
    const auto light = [&](std::size_t c) { return inverted ? cmyk[4 * i + c] : 255 - cmyk[4 * i + c]; };
    for (std::size_t c = 0; c < 3; ++c)
      picture.pixels[3 * i + c] = static_cast<std::uint8_t>((light(c) * light(3) + 127) / 255);
  }
  return picture;
}

Checked<Picture> decode_jpeg(std::string_view bytes, const ImageHeader& header, int at_least_px) {
  const std::unique_ptr<void, int (*)(tjhandle)> decoder(tjInitDecompress(), tjDestroy);
  if (!decoder) throw std::bad_alloc();
  const bool turned = swaps_sides(header.orientation);
  const tjscalingfactor factor = scale_for(std::min(header.width, header.height), at_least_px);
  const int width = TJSCALED((turned ? header.height : header.width), factor);
  const int height = TJSCALED((turned ? header.width : header.height), factor);

  const bool cmyk = header.components == 4;
  std::vector<std::uint8_t> pixels((cmyk ? 4 : 3) * static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  // The decoder fills what is missing with grey and only warns; a face that is half grey is no face.
  constexpr int kStrict = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS;
  if (tjDecompress2(decoder.get(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), pixels.data(),
                    width, 0, height, cmyk ? TJPF_CMYK : TJPF_RGB, kStrict) != 0)
    return refuse_damaged(tjGetErrorStr2(decoder.get()));
  if (cmyk) return rgb_from_cmyk(pixels, width, height, header.adobe);
  return Picture{width, height, std::move(pixels)};
}

/// 8-bit RGB over white from blue-first BGRA.
cv::Mat over_white(const cv::Mat& bgra) {
  cv::Mat rgb(bgra.size(), CV_8UC3);
  for (int y = 0; y < bgra.rows; ++y) {
    const auto* from = bgra.ptr<cv::Vec4b>(y);
    auto* to = rgb.ptr<cv::Vec3b>(y);
    for (int x = 0; x < bgra.cols; ++x)
      for (int c = 0; c < 3; ++c)
        to[x][c] = static_cast<std::uint8_t>((from[x][2 - c] * from[x][3] + 255 * (255 - from[x][3]) + 127) / 255);
  }
  return rgb;
}

/// By libwebp itself: OpenCV hands a damaged file on to whatever other libraries it
/// was built with, and one of them ends the process.
Checked<Picture> decode_webp(std::string_view bytes, const ImageHeader& header) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(data, bytes.size(), &features) != VP8_STATUS_OK)
    return refuse_damaged("its header contradicts itself");
  const bool turned = swaps_sides(header.orientation);
  if (features.width != (turned ? header.height : header.width) ||
      features.height != (turned ? header.width : header.height))
    return refuse_damaged("it names two sizes");
  cv::Mat bgra(features.height, features.width, CV_8UC4);
  const std::size_t size = bgra.total() * bgra.elemSize();
  if (!WebPDecodeBGRAInto(data, bytes.size(), bgra.data, size, 4 * features.width))
    return refuse_damaged("its pixels can't be decoded");
  return picture_of(over_white(bgra));
}

Checked<Picture> decode_png(std::string_view bytes) {
  keep_opencv_on_this_thread();
  cv::Mat stored;
  try {
    const cv::Mat raw(1, static_cast<int>(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));
    stored = cv::imdecode(raw, cv::IMREAD_UNCHANGED);  // unchanged: neither alpha dropped nor EXIF applied
  } catch (const cv::Exception& error) {
    return refuse_damaged(error.err);
  }
  if (stored.empty()) return refuse_damaged("its pixels can't be decoded");
  if (stored.depth() == CV_16U) stored.convertTo(stored, CV_8U, 1.0 / 257);
  cv::Mat rgb;
  switch (stored.channels()) {
    case 1:
      cv::cvtColor(stored, rgb, cv::COLOR_GRAY2RGB);
      break;
    case 3:
      cv::cvtColor(stored, rgb, cv::COLOR_BGR2RGB);
      break;
    case 4:
      rgb = over_white(stored);
      break;
    default:
      return refuse_damaged(fmt::format("{} channels", stored.channels()));
  }
  return picture_of(rgb);
}

}  // namespace

Checked<Picture> decode(std::string_view bytes, int at_least_px) {
  const Checked<ImageHeader> header = read_header(bytes);
  if (!header) return std::unexpected(header.error());
  Checked<Picture> stored = header->format == Format::kJpeg   ? decode_jpeg(bytes, *header, at_least_px)
                            : header->format == Format::kWebp ? decode_webp(bytes, *header)
                                                              : decode_png(bytes);
  if (!stored) return stored;
  return apply_orientation(*std::move(stored), header->orientation);
}

}  // namespace evenface::image
