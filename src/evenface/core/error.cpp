#include "evenface/core/error.h"

#include <fmt/format.h>

#include "evenface/core/printable.h"

namespace evenface {

std::string describe(const Problem& p) {
  std::string place = p.file;
  if (!p.at.empty()) place += (place.empty() ? "" : ", ") + p.at;
  std::string text = place.empty() ? p.found : fmt::format("{}: {}", place, p.found);
  if (!p.expected.empty()) text += "\n  expected  " + p.expected;
  if (!p.remedy.empty()) text += "\n  to fix    " + p.remedy;
  return printable(text, true);
}

InputError::InputError(Problem problem) : std::runtime_error(describe(problem)), problem_(std::move(problem)) {}

void ensure(bool holds, const char* message, std::source_location place) {
  if (!holds) throw InternalError(fmt::format("{}:{}: {}", place.file_name(), place.line(), message));
}

}  // namespace evenface
