#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evenface::study {

/// Reads a short text that a user wrote, a metric or a condition, from left to right. `at` is the byte that
/// comes next.
struct Cursor {
  std::string_view text;
  const char* what;     ///< what messages call the text
  const char* example;  ///< a right one, for messages
  std::size_t at = 0;

  bool at_end() const { return at >= text.size(); }
  /// The next byte, or 0 at the end.
  char next() const { return at_end() ? '\0' : text[at]; }
  void skip_space();
  /// Takes the byte if it comes next.
  bool take(char c);
  /// Takes letters, digits, `_ . - + /` and all that is not ASCII; empty if none comes next.
  std::string_view word();
  /// Takes "...", in which a quote mark is written twice; nothing if no quote mark comes next. Throws
  /// InputError when the text is not closed.
  std::optional<std::string> quoted();
  /// What comes next, for messages: "end of the condition", a word or a single character, in quotes.
  std::string found() const;
};

/// Throws InputError unless the text is UTF-8.
void require_utf8(const Cursor& cursor);

/// Whether Cursor::word() would take all of it.
bool is_word(std::string_view text);

/// `text` in quote marks, as Cursor::quoted() reads it.
std::string in_quotes(std::string_view text);

/// The text on one line of a terminal: line breaks and other control characters become spaces.
std::string one_line(std::string_view text);

/// nearest_name, but nothing for an empty text or for one too long to be a slip, whose comparison would take long.
std::optional<std::string> nearest_word(std::string_view word, const std::vector<std::string>& candidates);

/// "a, b, c", or the first thirty "and 70 more".
std::string listed(const std::vector<std::string>& names);

/// Throws InputError that shows the text with a caret under the byte `at`: what stands there, what was expected,
/// what to do (an example is added).
[[noreturn]] void reject(const Cursor& cursor, std::size_t at, const std::string& found, const std::string& expected,
                         const std::string& remedy = {});

}  // namespace evenface::study
