// A weight file of any content is read or refused by InputError.
#include "evenface/core/error.h"
#include "evenface/net/weights.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    evenface::net::parse_safetensors({reinterpret_cast<const char*>(data), size}, "fuzz");
  } catch (const evenface::InputError&) {
  }
  return 0;
}
