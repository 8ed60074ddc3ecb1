#include "evenface/core/printable.h"

#include <fmt/format.h>

namespace evenface {

std::string printable(std::string_view text, bool lines) {
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    // In UTF-8 the control characters from 0x80 to 0x9f follow a byte of 0xc2.
    const bool second = c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (c == '\n') shown += lines ? "\n" : "\\n";
    else if (c == '\t') shown += "\\t";
    else if (c == '\r') shown += "\\r";
    else if (c < 0x20 || c == 0x7f) shown += fmt::format("\\x{:02x}", c);
    else if (second) shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[++i]));
    else shown += text[i];
  }
  return shown;
}

}  // namespace evenface
