#pragma once

namespace evenface {

/// The project's version, from CMakeLists.txt.
inline constexpr const char* kVersion = EVENFACE_VERSION;

}  // namespace evenface
