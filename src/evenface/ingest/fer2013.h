#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "evenface/core/error.h"
#include "evenface/ingest/draft.h"

namespace evenface::ingest {

/// One row of fer2013.csv: 48 x 48 grey values as text, and its part of the data set.
struct Fer2013Row {
  std::string pixels, usage;
};

/// The rows of fer2013.csv by their number as a spreadsheet counts. Malformed rows go to `rejected`.
std::map<std::int64_t, Fer2013Row> read_fer2013(const std::filesystem::path& path, std::vector<Rejected>& rejected);

/// The picture of a row as a PNG file, or what is wrong with its numbers.
Checked<std::string> fer2013_picture(const std::string& pixels);

}  // namespace evenface::ingest
