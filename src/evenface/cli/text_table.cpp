#include "evenface/cli/text_table.h"

#include <algorithm>

#include "evenface/core/error.h"

namespace evenface::cli {

std::size_t columns_of(const std::string& text) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      i = text.find('m', i);
      if (i == std::string::npos) break;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
      ++columns;
    }
  }
  return columns;
}

TextTable::TextTable(std::vector<std::string> headings) {
  for (std::string& heading : headings) {
    const bool left = left_.empty() || heading.ends_with('<');
    if (heading.ends_with('<')) heading.pop_back();
    left_.push_back(left);
  }
  rows_.push_back(std::move(headings));
}

void TextTable::add(std::vector<std::string> cells) {
  ensure(cells.size() == left_.size(), "a cell for every column");
  rows_.push_back(std::move(cells));
}

std::string TextTable::text() const {
  std::vector<std::size_t> width(left_.size());
  for (const auto& row : rows_)
    for (std::size_t c = 0; c < row.size(); ++c) width[c] = std::max(width[c], columns_of(row[c]));
  std::string text;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string gap(width[c] - columns_of(row[c]), ' ');
      line += (c ? "   " : "") + (left_[c] ? row[c] + gap : gap + row[c]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

namespace {

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t i = text.find(from); i != std::string::npos; i = text.find(from, i + to.size()))
    text.replace(i, from.size(), to);
  return text;
}

std::string csv_cell(const std::string& cell) {
  return cell.find_first_of(",\"\r\n") == std::string::npos ? cell : "\"" + replaced(cell, "\"", "\"\"") + "\"";
}

}  // namespace

std::string TextTable::markdown() const {
  std::string text;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    for (const std::string& cell : rows_[r]) text += "| " + replaced(cell, "|", "\\|") + " ";
    text += "|\n";
    if (r > 0) continue;
    for (const bool left : left_) text += left ? "| --- " : "| ---: ";
    text += "|\n";
  }
  return text;
}

std::string TextTable::csv() const {
  std::string text;
  for (const auto& row : rows_) {
    for (std::size_t c = 0; c < row.size(); ++c) text += (c ? "," : "") + csv_cell(row[c]);
    text += "\n";
  }
  return text;
}

}  // namespace evenface::cli
