#include "evenface/image/mat.h"

#include <opencv2/core.hpp>

#include "evenface/core/error.h"

namespace evenface::image {

Picture blank_picture(int width, int height) {
  ensure(width > 0 && height > 0, "a picture has positive sides");
  return {width, height,
          std::vector<std::uint8_t>(3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
}

void keep_opencv_on_this_thread() { [[maybe_unused]] static const bool once = (cv::setNumThreads(0), true); }

cv::Mat view_of(Picture& picture) {
  keep_opencv_on_this_thread();
  return {picture.height, picture.width, CV_8UC3, picture.pixels.data()};
}

const cv::Mat view_of(const Picture& picture) {
  keep_opencv_on_this_thread();
  return {picture.height, picture.width, CV_8UC3, const_cast<std::uint8_t*>(picture.pixels.data())};
}

Picture picture_of(const cv::Mat& rgb) {
  ensure(rgb.type() == CV_8UC3, "a picture has three channels of 8 bits");
  Picture picture = blank_picture(rgb.cols, rgb.rows);
  cv::Mat out = view_of(picture);
  rgb.copyTo(out);
  return picture;
}

}  // namespace evenface::image
