#pragma once
#include <string>
#include <string_view>

namespace evenface {

/// Texts of files as a terminal may show them: control characters, which could move its cursor or change its colours,
/// are written out, "\n" as \n and others by their code (\x1b). Line breaks stay where `lines` may be several.
std::string printable(std::string_view text, bool lines = false);

}  // namespace evenface
