#pragma once
#include <opencv2/core/mat.hpp>

#include "evenface/image/picture.h"

// For this module's sources only: OpenCV's types do not leave it.
namespace evenface::image {

/// The picture's own pixels as a height x width CV_8UC3 matrix, red first; nothing is copied.
/// From the first call on OpenCV runs on the calling thread alone: the program's
/// parallelism is core's parallel_for.
cv::Mat view_of(Picture& picture);
const cv::Mat view_of(const Picture& picture);

/// A picture with the matrix's pixels: CV_8UC3, red first.
Picture picture_of(const cv::Mat& rgb);

/// Makes OpenCV run on the calling thread alone; cheap after the first call.
void keep_opencv_on_this_thread();

}  // namespace evenface::image
