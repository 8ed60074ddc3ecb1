#include "evenface/image/encode.h"

#include <memory>
#include <new>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <turbojpeg.h>

#include "evenface/core/error.h"
#include "evenface/image/mat.h"

namespace evenface::image {

std::string encode_jpeg(const Picture& picture, int quality) {
  const std::unique_ptr<void, int (*)(tjhandle)> encoder(tjInitCompress(), tjDestroy);
  if (!encoder) throw std::bad_alloc();
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  const int failed = tjCompress2(encoder.get(), picture.pixels.data(), picture.width, 0, picture.height, TJPF_RGB,
                                 &buffer, &size, TJSAMP_444, quality, TJFLAG_ACCURATEDCT);
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(buffer, tjFree);
  ensure(failed == 0, "a valid picture can be written as JPEG");
  return {reinterpret_cast<const char*>(buffer), size};
}

std::string encode_png(const Picture& picture) {
  cv::Mat bgr;
  cv::cvtColor(view_of(picture), bgr, cv::COLOR_RGB2BGR);
  std::vector<std::uint8_t> bytes;
  ensure(cv::imencode(".png", bgr, bytes), "a valid picture can be written as PNG");
  return {bytes.begin(), bytes.end()};
}

}  // namespace evenface::image
