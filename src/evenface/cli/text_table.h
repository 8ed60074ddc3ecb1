#pragma once
#include <string>
#include <vector>

namespace evenface::cli {

/// Rows of cells. As text, columns are aligned: the first column to the left, the others to the right unless marked.
class TextTable {
 public:
  /// Headings; one that ends in '<' makes its column left-aligned.
  explicit TextTable(std::vector<std::string> headings);
  void add(std::vector<std::string> cells);
  /// Lines without trailing spaces, the headings first.
  std::string text() const;
  /// The same as a Markdown table.
  std::string markdown() const;
  /// The same as CSV (RFC 4180, lines ended by a newline).
  std::string csv() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<bool> left_;
};

/// Columns that a text takes on a terminal (UTF-8 code points, colour codes left out).
std::size_t columns_of(const std::string& text);

}  // namespace evenface::cli
