#include "evenface/image/transform.h"

#include <algorithm>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "evenface/core/error.h"
#include "evenface/image/mat.h"

namespace evenface::image {

Picture resize(const Picture& picture, int width, int height) {
  if (width == picture.width && height == picture.height) return picture;
  Picture out = blank_picture(width, height);
  const bool shrinks = width <= picture.width && height <= picture.height;
  cv::Mat target = view_of(out);
  cv::resize(view_of(picture), target, target.size(), 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
  return out;
}

Picture crop(const Picture& picture, const Box& box) {
  Picture out = blank_picture(box.width, box.height);
  const cv::Rect inside = cv::Rect(box.x, box.y, box.width, box.height) & cv::Rect(0, 0, picture.width, picture.height);
  ensure(!inside.empty(), "a crop box meets the picture");
  cv::Mat target = view_of(out);
  const int left = inside.x - box.x, top = inside.y - box.y;
  cv::copyMakeBorder(view_of(picture)(inside), target, top, box.height - top - inside.height, left,
                     box.width - left - inside.width, cv::BORDER_REPLICATE | cv::BORDER_ISOLATED);
  return out;
}

Box centre_box(const Picture& picture, int width, int height) {
  return {(picture.width - width) / 2, (picture.height - height) / 2, width, height};
}

Picture square(const Picture& picture, int size_px) {
  const int side = std::min(picture.width, picture.height);
  if (picture.width == picture.height) return resize(picture, size_px, size_px);
  return resize(crop(picture, centre_box(picture, side, side)), size_px, size_px);
}

Picture flip_horizontal(const Picture& picture) {
  Picture out = blank_picture(picture.width, picture.height);
  cv::Mat target = view_of(out);
  cv::flip(view_of(picture), target, 1);
  return out;
}

}  // namespace evenface::image
