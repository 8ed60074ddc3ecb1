#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "evenface/ingest/draft.h"
#include "evenface/ingest/picture_check.h"

namespace evenface::ingest {

/// Rows that must stay in one split, and byte-identical pictures.
struct Kinship {
  std::vector<std::int64_t> kin;                      ///< per row: the first row of its kin (same bytes or same person)
  std::vector<std::vector<std::int64_t>> duplicates;  ///< groups of rows whose files are equal byte by byte
};

/// Finds equal pictures by their content hash, confirmed by comparing the bytes,
/// and unites them and the rows of one person into kin.
Kinship find_kin(const Draft& draft, const std::vector<PictureFact>& facts);

/// What duplicates say about a data set.
struct DuplicateReport {
  std::int64_t groups = 0, rows = 0;
  std::map<std::string, std::int64_t> disagreeing;      ///< column -> groups whose rows differ in it
  std::vector<std::vector<std::string>> sets;           ///< ids, group by group
  std::vector<std::vector<std::string>> across_splits;  ///< ids of the groups that lie in more than one split: leaks
};

/// Reads splits from the draft, so that it describes what is written.
DuplicateReport report_duplicates(const Draft& draft, const Kinship& kinship);

/// Persons whose rows lie in more than one split.
std::vector<std::string> persons_across_splits(const Draft& draft);

}  // namespace evenface::ingest
