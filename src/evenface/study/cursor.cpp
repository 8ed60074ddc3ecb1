#include "evenface/study/cursor.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/options.h"

namespace evenface::study {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool in_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || byte >= 0x80 ||
         std::string_view("_.-+/").find(c) != std::string_view::npos;
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// Bytes of the character that begins at `at`, or 0 where that is no UTF-8 (RFC 3629: no overlong forms,
/// no surrogates, nothing above U+10FFFF).
std::size_t character_bytes(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0;
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  for (std::size_t i = 1; i < bytes; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const std::uint32_t two = (lead << 8) | byte(1);
  const bool overlong = (bytes == 3 && two < 0xE0A0) || (bytes == 4 && two < 0xF090);
  const bool surrogate = bytes == 3 && 0xEDA0 <= two && two <= 0xEDBF;
  return overlong || surrogate || two >= 0xF490 ? 0 : bytes;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !continues_character(c); }));
}

/// The byte `count` characters before (or after) `at`, or the text's end.
std::size_t moved_back(std::string_view text, std::size_t at, int count) {
  while (at > 0 && count > 0)
    if (!continues_character(text[--at])) --count;
  return at;
}

std::size_t moved_on(std::string_view text, std::size_t at, int count) {
  while (at < text.size() && count > 0) {
    ++at;
    while (at < text.size() && continues_character(text[at])) ++at;
    --count;
  }
  return at;
}

/// The text around `at` and a caret below it.
std::string with_caret(std::string_view text, std::size_t at) {
  const std::size_t first = moved_back(text, at, 50), last = moved_on(text, at, 40);
  const std::string before = (first > 0 ? "… " : "") + one_line(text.substr(first, at - first));
  const std::string after = one_line(text.substr(at, last - at)) + (last < text.size() ? " …" : "");
  return fmt::format("  {}{}\n  {:>{}}", before, after, "^", characters(before) + 1);
}

}  // namespace

void Cursor::skip_space() {
  while (!at_end() && is_space(text[at])) ++at;
}

bool Cursor::take(char c) {
  if (at_end() || text[at] != c) return false;
  ++at;
  return true;
}

std::string_view Cursor::word() {
  const std::size_t begin = at;
  while (!at_end() && in_word(text[at])) ++at;
  return text.substr(begin, at - begin);
}

std::optional<std::string> Cursor::quoted() {
  const std::size_t begin = at;
  if (!take('"')) return std::nullopt;
  std::string content;
  while (!at_end()) {
    const char c = text[at++];
    if (c == '"' && !take('"')) return content;
    content += c;
  }
  reject(*this, begin, "the quote mark is not closed", "a second quote mark at the end of the name",
         "write a quote mark within a name twice");
}

std::string Cursor::found() const {
  if (at_end()) return fmt::format("the {} ends", what);
  Cursor ahead = *this;
  if (const std::string_view w = ahead.word(); !w.empty())
    return fmt::format("\"{}\"", one_line(w.substr(0, moved_on(w, 0, 40))));
  return fmt::format("\"{}\"", one_line(text.substr(at, 1)));
}

void require_utf8(const Cursor& cursor) {
  for (std::size_t at = 0; at < cursor.text.size();) {
    const std::size_t bytes = character_bytes(cursor.text, at);
    if (bytes == 0)
      throw InputError(
          {.file = {},
           .at = fmt::format("{}, byte {}", cursor.what, at + 1),
           .found = fmt::format("the byte 0x{:02X} is no UTF-8", static_cast<unsigned char>(cursor.text[at])),
           .expected = "text in UTF-8",
           .remedy = "set the terminal or the editor to UTF-8"});
    at += bytes;
  }
}

bool is_word(std::string_view text) { return !text.empty() && std::ranges::all_of(text, in_word); }

std::string in_quotes(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return line;
}

std::optional<std::string> nearest_word(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongest = 256;
  if (word.empty() || word.size() > kLongest) return std::nullopt;
  return nearest_name(std::string(word), candidates);
}

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 30;
  const auto some = std::span(names).first(std::min(names.size(), kShown));
  return fmt::format("{}{}", fmt::join(some, ", "),
                     names.size() > kShown ? fmt::format(" and {} more", names.size() - kShown) : "");
}

void reject(const Cursor& cursor, std::size_t at, const std::string& found, const std::string& expected,
            const std::string& remedy) {
  throw InputError({.file = {},
                    .at = fmt::format("{}, column {}", cursor.what, characters(cursor.text.substr(0, at)) + 1),
                    .found = fmt::format("{}\n{}", found, with_caret(cursor.text, at)),
                    .expected = expected,
                    .remedy = fmt::format("{}for example {}", remedy.empty() ? "" : remedy + "; ", cursor.example)});
}

}  // namespace evenface::study
