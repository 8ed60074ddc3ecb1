#include "evenface/table/csv_parts.h"

#include <algorithm>
#include <cstring>

#include <arrow/csv/chunker.h>
#include <arrow/csv/options.h>
#include <arrow/io/file.h>
#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/parallel.h"
#include "evenface/table/arrow_status.h"

namespace evenface::table {
namespace {
namespace fs = std::filesystem;

constexpr std::int64_t kPartBytes = 4 << 20;

std::string_view view_of(const arrow::Buffer& buffer) {
  return {reinterpret_cast<const char*>(buffer.data()), static_cast<std::size_t>(buffer.size())};
}

/// What stands in one stretch of a file.
struct Stock {
  std::int64_t last_end = -1;          ///< just behind the last line feed; -1: none
  std::int64_t lines = 0, behind = 0;  ///< lines that end up to there, and behind it, by a carriage return alone
  bool quotes = false, zeros = false;

  std::int64_t all_lines() const { return lines + behind; }
};

/// Carriage returns that end a line by themselves, as Arrow has it.
std::int64_t lone_returns(std::string_view text) {
  std::int64_t lone = 0;
  for (std::size_t at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1))
    lone += at + 1 == text.size() || text[at + 1] != '\n';
  return lone;
}

Stock stock_of(std::string_view text) {
  const std::size_t last = text.rfind('\n');
  const std::size_t cut = last == std::string_view::npos ? 0 : last + 1;
  return {.last_end = last == std::string_view::npos ? -1 : static_cast<std::int64_t>(cut),
          .lines = std::count(text.begin(), text.end(), '\n') + lone_returns(text.substr(0, cut)),
          .behind = lone_returns(text.substr(cut)),
          .quotes = text.find('"') != std::string_view::npos,
          .zeros = std::memchr(text.data(), 0, text.size()) != nullptr};
}

[[noreturn]] void refuse_zeros(const fs::path& path, std::int64_t line) {
  throw InputError({.file = path.string(),
                    .at = fmt::format("line {}", line),
                    .found = "a byte 0: this is no text, or text in UTF-16",
                    .expected = "text in UTF-8",
                    .remedy = "save the file as UTF-8"});
}

[[noreturn]] void refuse_open_quote(const fs::path& path, std::int64_t row_begin) {
  const auto before = read_bytes(path, 0, row_begin);
  throw InputError({.file = path.string(),
                    .at = fmt::format("line {}", stock_of(view_of(*before)).all_lines() + 1),
                    .found = "a quote is opened here or below and never closed",
                    .expected = "quotes in pairs, and doubled within a quoted cell",
                    .remedy = "close it, or double it"});
}

/// Parts of a file without quotes: every line's end is the end of a row.
std::vector<CsvPart> cut_at_lines(const std::vector<Stock>& stocks, std::int64_t size) {
  std::vector<CsvPart> parts;
  std::int64_t begin = 0, lines = 0;
  for (std::size_t i = 0; i < stocks.size(); ++i) {
    lines += stocks[i].lines;
    if (stocks[i].last_end < 0) {
      lines += stocks[i].behind;
      continue;
    }
    const std::int64_t end = static_cast<std::int64_t>(i) * kPartBytes + stocks[i].last_end;
    parts.push_back({begin, end - begin, lines});
    begin = end, lines = stocks[i].behind;
  }
  if (begin < size) parts.push_back({begin, size - begin, lines + 1});
  return parts;
}

/// Parts of a file with quotes, which must be walked from its beginning.
std::vector<CsvPart> cut_at_rows(const fs::path& path, char separator, std::int64_t size) {
  auto options = arrow::csv::ParseOptions::Defaults();
  options.delimiter = separator;
  options.newlines_in_values = true;
  const auto chunker = arrow::csv::MakeChunker(options);
  std::vector<CsvPart> parts;
  std::int64_t wanted = kPartBytes;
  for (std::int64_t begin = 0; begin < size;) {
    const auto block = read_bytes(path, begin, wanted);
    const bool last = begin + block->size() == size;
    std::shared_ptr<arrow::Buffer> whole, rest;
    // The last row may lack its line's end, and must be a row with one.
    const auto ended = last ? arrow::Buffer::FromString(std::string(view_of(*block)) + "\n") : block;
    check(chunker->Process(ended, &whole, &rest), path, "read as CSV");
    if (last && rest->size() > 0) refuse_open_quote(path, begin + whole->size());
    if (last) whole = block;
    if (whole->size() == 0) {
      wanted *= 2;  // a row that is longer than that
      continue;
    }
    parts.push_back({begin, whole->size(), stock_of(view_of(*whole)).all_lines() + 1});
    begin += whole->size(), wanted = kPartBytes;
  }
  return parts;
}

}  // namespace

std::shared_ptr<arrow::Buffer> read_bytes(const fs::path& path, std::int64_t begin, std::int64_t bytes) {
  const auto file = checked(arrow::io::ReadableFile::Open(path.string()), path, "read");
  return checked(file->ReadAt(begin, bytes), path, "read");
}

std::vector<CsvPart> csv_parts(const fs::path& path, char separator, int threads) {
  const auto size = static_cast<std::int64_t>(fs::file_size(path));
  std::vector<Stock> stocks(static_cast<std::size_t>((size + kPartBytes - 1) / kPartBytes));
  parallel_for(size, kPartBytes, threads, [&](std::int64_t begin, std::int64_t end) {
    stocks[static_cast<std::size_t>(begin / kPartBytes)] = stock_of(view_of(*read_bytes(path, begin, end - begin)));
  });
  std::int64_t lines = 0;
  for (std::size_t i = 0; i < stocks.size(); lines += stocks[i++].all_lines()) {
    if (!stocks[i].zeros) continue;
    const auto block = read_bytes(path, static_cast<std::int64_t>(i) * kPartBytes, kPartBytes);
    const std::string_view text = view_of(*block);
    refuse_zeros(path, lines + 1 + std::count(text.begin(), text.begin() + text.find('\0'), '\n'));
  }
  if (std::ranges::any_of(stocks, &Stock::quotes)) return cut_at_rows(path, separator, size);
  return cut_at_lines(stocks, size);
}

}  // namespace evenface::table
