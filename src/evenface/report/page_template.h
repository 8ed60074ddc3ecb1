#pragma once
#include <string_view>

namespace evenface::report {

/// The page that web/ builds, complete but for the findings: kFindingsMark stands
/// exactly once where findings.json belongs.
std::string_view page_template();

inline constexpr std::string_view kFindingsMark = "@@FINDINGS@@";

}  // namespace evenface::report
