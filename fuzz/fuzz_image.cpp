// Whatever the bytes are, decoding ends in a picture of the announced size or a problem with a remedy.
#include <algorithm>

#include "evenface/image/decode.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evenface;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto header = image::read_header(bytes);
  if (!header) {
    ensure(!header.error().found.empty() && !header.error().remedy.empty(), "a problem says what and what to do");
    return 0;
  }
  // Large pictures are slow to fill with nothing and tell no more.
  if (std::int64_t{header->width} * header->height > 1'000'000) return 0;
  const auto picture = image::decode(bytes);
  if (picture) ensure(picture->width == header->width && picture->height == header->height, "the header told the size");
  const auto small = image::decode(bytes, 8);
  if (small)
    ensure(std::min(small->width, small->height) >= std::min({header->width, header->height, 8}), "large enough");
  return 0;
}
