#pragma once
#include <expected>
#include <source_location>
#include <sstream>
#include <stdexcept>
#include <string>

namespace evenface {

/// Something a user gave that cannot be used: where it stands, what was found,
/// what was expected, and what to do. Empty parts are left out when shown.
struct Problem {
  std::string file;      ///< path of the file
  std::string at;        ///< row, column, key or option within it
  std::string found;     ///< what is wrong
  std::string expected;  ///< what would have been right
  std::string remedy;    ///< what the user can do
};

/// The problem as up to three lines: what is wrong and where, what was expected, what to do.
std::string describe(const Problem& problem);

/// Wrong input. Ends a command with exit code 2.
class InputError : public std::runtime_error {
 public:
  explicit InputError(Problem problem);
  const Problem& problem() const { return problem_; }

 private:
  Problem problem_;
};

/// A broken promise inside the program: a bug. Ends a command with exit code 3.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// One item out of many, or why it cannot be used; the caller quarantines the latter.
template <class T>
using Checked = std::expected<T, Problem>;

/// Throws InputError with `message` and the offending values unless `holds`.
template <class... Values>
void require(bool holds, const char* message, const Values&... values) {
  if (holds) return;
  std::ostringstream text;
  text << message;
  [[maybe_unused]] const char* separator = "; got ";
  ((text << separator << values, separator = ", "), ...);
  throw InputError({.file = {}, .at = {}, .found = text.str(), .expected = {}, .remedy = {}});
}

/// Throws InternalError naming the place unless `holds`.
void ensure(bool holds, const char* message, std::source_location place = std::source_location::current());

}  // namespace evenface
