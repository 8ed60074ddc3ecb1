#include "evenface/image/orientation.h"

#include <memory>
#include <string>

#include <libexif/exif-data.h>
#include <opencv2/core.hpp>

#include "evenface/image/mat.h"

namespace evenface::image {

int exif_orientation(std::string_view tiff) {
  if (tiff.empty()) return 1;
  const std::string block = std::string("Exif\0\0", 6).append(tiff);  // as the library wants it
  const std::unique_ptr<ExifData, decltype(&exif_data_unref)> data(
      exif_data_new_from_data(reinterpret_cast<const unsigned char*>(block.data()),
                              static_cast<unsigned int>(block.size())),
      exif_data_unref);
  if (!data) return 1;
  const ExifEntry* entry = exif_data_get_entry(data.get(), EXIF_TAG_ORIENTATION);
  if (!entry || entry->format != EXIF_FORMAT_SHORT || entry->components != 1 || entry->size < 2) return 1;
  const int value = exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
  return value >= 1 && value <= 8 ? value : 1;
}

Picture apply_orientation(Picture stored, int orientation) {
  if (orientation <= 1 || orientation > 8) return stored;
  cv::Mat shown = view_of(stored);
  if (swaps_sides(orientation)) cv::transpose(shown, shown);
  constexpr int kMirror = 1, kUpsideDown = 0, kBoth = -1;
  switch (orientation) {
    case 2:
    case 6:
      cv::flip(shown, shown, kMirror);
      break;
    case 3:
    case 7:
      cv::flip(shown, shown, kBoth);
      break;
    case 4:
    case 8:
      cv::flip(shown, shown, kUpsideDown);
      break;
    default:
      break;
  }
  return picture_of(shown);
}

}  // namespace evenface::image
