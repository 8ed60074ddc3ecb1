#include "evenface/table/csv_parts.h"

#include <algorithm>
#include <cstring>

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

/// Carriage returns that end a line by themselves, as Arrow has it.
std::int64_t lone_returns(std::string_view text) {
  std::int64_t lone = 0;
  for (std::size_t at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1))
    lone += at + 1 == text.size() || text[at + 1] != '\n';
  return lone;
}

/// Line feeds, by blocks of a length that a compiler knows: it counts them many bytes at a time.
std::int64_t line_feeds(std::string_view text) {
  constexpr std::size_t kBlock = 64;
  std::int64_t n = 0;
  for (; text.size() >= kBlock; text.remove_prefix(kBlock)) {
    std::uint8_t in_block = 0;
    for (std::size_t i = 0; i < kBlock; ++i) in_block += text[i] == '\n';
    n += in_block;
  }
  return n + std::ranges::count(text, '\n');
}

/// Lines that end in a text.
std::int64_t lines_in(std::string_view text) { return line_feeds(text) + lone_returns(text); }

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
                    .at = fmt::format("line {}", lines_in(view_of(*before)) + 1),
                    .found = "a quote is opened here or below and never closed",
                    .expected = "quotes in pairs, and doubled within a quoted cell",
                    .remedy = "close it, or double it"});
}

}  // namespace

std::shared_ptr<arrow::Buffer> read_bytes(const fs::path& path, std::int64_t begin, std::int64_t bytes) {
  const auto file = checked(arrow::io::ReadableFile::Open(path.string()), path, "read");
  return checked(file->ReadAt(begin, bytes), path, "read");
}

/// What stands in one stretch of a file.
struct CsvParts::Stock {
  explicit Stock(std::string_view text)
      : last_end(static_cast<std::int64_t>(text.rfind('\n') + 1)),
        lines(lines_in(text.substr(0, static_cast<std::size_t>(last_end)))),
        behind(lone_returns(text.substr(static_cast<std::size_t>(last_end)))),
        quotes(text.find('"') != std::string_view::npos),
        zeros(std::memchr(text.data(), 0, text.size()) != nullptr) {}
  Stock() = default;

  std::int64_t last_end = 0;           ///< just behind the last line feed; 0: none
  std::int64_t lines = 0, behind = 0;  ///< lines that end up to there, and behind it, by a carriage return alone
  bool quotes = false, zeros = false;
};

CsvParts::CsvParts(const fs::path& path, char separator, int threads)
    : path_(path), size_(static_cast<std::int64_t>(fs::file_size(path))) {
  stocks_.resize(static_cast<std::size_t>((size_ + kPartBytes - 1) / kPartBytes));
  parallel_for(size_, kPartBytes, threads, [&](std::int64_t begin, std::int64_t end) {
    stocks_[static_cast<std::size_t>(begin / kPartBytes)] = Stock(view_of(*read_bytes(path, begin, end - begin)));
  });
  for (std::size_t i = 0; i < stocks_.size(); most_rows_ += stocks_[i].lines + stocks_[i].behind, ++i) {
    quotes_ = quotes_ || stocks_[i].quotes;
    if (!stocks_[i].zeros) continue;
    const auto block = read_bytes(path, static_cast<std::int64_t>(i) * kPartBytes, kPartBytes);
    const std::string_view text = view_of(*block);
    refuse_zeros(path, most_rows_ + 1 + std::count(text.begin(), text.begin() + text.find('\0'), '\n'));
  }
  // The last row may lack its line's end, and a part can end between a carriage return and its line feed.
  most_rows_ += 1 + 2 * std::ssize(stocks_);
  if (!quotes_) return;
  auto options = arrow::csv::ParseOptions::Defaults();
  options.delimiter = separator;
  options.newlines_in_values = true;
  chunker_ = arrow::csv::MakeChunker(options);
}

CsvParts::~CsvParts() = default;

bool CsvParts::is_one() const { return size_ <= kPartBytes; }

std::optional<CsvPart> CsvParts::next() {
  const std::lock_guard lock(guard_);
  if (begin_ == size_) return std::nullopt;
  return quotes_ ? cut_at_row() : cut_at_line();
}

/// Of a file without quotes: every line's end is the end of a row.
CsvPart CsvParts::cut_at_line() {
  CsvPart part{next_++, begin_, 0, rows_, false, nullptr};
  rows_ += behind_, behind_ = 0;
  while (begin_ == part.begin) {
    if (stock_ == stocks_.size()) {
      begin_ = size_;
      break;
    }
    const Stock& s = stocks_[stock_];
    if (s.last_end > 0) begin_ = static_cast<std::int64_t>(stock_) * kPartBytes + s.last_end, behind_ = s.behind;
    rows_ += s.lines + (s.last_end > 0 ? 0 : s.behind);
    ++stock_;
  }
  part.bytes = begin_ - part.begin;
  return part;
}

/// Of a file with quotes, which must be walked from its beginning.
CsvPart CsvParts::cut_at_row() {
  for (std::int64_t wanted = kPartBytes;; wanted *= 2) {  // a row can be longer than that
    const auto block = read_bytes(path_, begin_, wanted);
    const bool last = begin_ + block->size() == size_;
    std::shared_ptr<arrow::Buffer> whole, rest;
    // The last row may lack its line's end, and must be a row with one.
    const auto ended = last ? arrow::Buffer::FromString(std::string(view_of(*block)) + "\n") : block;
    check(chunker_->Process(ended, &whole, &rest), path_, "read as CSV");
    if (last && rest->size() > 0) refuse_open_quote(path_, begin_ + whole->size());
    if (last) whole = block;
    if (whole->size() == 0) continue;
    CsvPart part{next_++, begin_, whole->size(), rows_, true, whole};
    begin_ += whole->size(), rows_ += lines_in(view_of(*whole));
    return part;
  }
}

}  // namespace evenface::table
