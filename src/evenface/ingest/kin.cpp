#include "evenface/ingest/kin.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "evenface/core/file.h"

namespace evenface::ingest {
namespace {

/// Disjoint sets of rows; the representative is the smallest row.
class UnionFind {
 public:
  explicit UnionFind(std::size_t n) : parent_(n) {
    for (std::size_t i = 0; i < n; ++i) parent_[i] = static_cast<std::int64_t>(i);
  }
  std::int64_t find(std::int64_t row) {
    std::int64_t& parent = parent_[static_cast<std::size_t>(row)];
    if (parent != row) parent = find(parent);
    return parent;
  }
  void unite(std::int64_t a, std::int64_t b) {
    const std::int64_t x = find(a), y = find(b);
    parent_[static_cast<std::size_t>(std::max(x, y))] = std::min(x, y);
  }

 private:
  std::vector<std::int64_t> parent_;
};

/// Splits rows that share a hash into groups of equal files.
void add_equal_files(const Draft& draft, const std::vector<PictureFact>& facts, const std::vector<std::int64_t>& rows,
                     std::vector<std::vector<std::int64_t>>& groups) {
  std::map<std::string, std::vector<std::int64_t>> by_bytes;
  for (const std::int64_t row : rows)
    by_bytes[read_file(draft.root / facts[static_cast<std::size_t>(row)].image)].push_back(row);
  for (auto& [bytes, equal] : by_bytes)
    if (equal.size() > 1) groups.push_back(std::move(equal));
}

std::int32_t split_at(const Draft& draft, std::int64_t row) { return draft.rows[static_cast<std::size_t>(row)].split; }

std::vector<std::string> ids_of(const Draft& draft, const std::vector<std::int64_t>& rows) {
  std::vector<std::string> ids;
  for (const std::int64_t row : rows) ids.push_back(draft.rows[static_cast<std::size_t>(row)].id);
  return ids;
}

}  // namespace

Kinship find_kin(const Draft& draft, const std::vector<PictureFact>& facts) {
  Kinship kinship;
  std::unordered_map<std::string, std::vector<std::int64_t>> by_hash, by_person;
  for (std::int64_t row = 0; row < draft.row_count(); ++row) {
    by_hash[facts[static_cast<std::size_t>(row)].content].push_back(row);
    const std::string& person = draft.rows[static_cast<std::size_t>(row)].person;
    if (!person.empty()) by_person[person].push_back(row);
  }
  for (const auto& [hash, rows] : by_hash)
    if (rows.size() > 1) add_equal_files(draft, facts, rows, kinship.duplicates);
  std::ranges::sort(kinship.duplicates);
  UnionFind sets(draft.rows.size());
  for (const auto& rows : kinship.duplicates)
    for (const std::int64_t row : rows) sets.unite(rows.front(), row);
  for (const auto& [person, rows] : by_person)
    for (const std::int64_t row : rows) sets.unite(rows.front(), row);
  for (std::int64_t row = 0; row < draft.row_count(); ++row) kinship.kin.push_back(sets.find(row));
  return kinship;
}

DuplicateReport report_duplicates(const Draft& draft, const Kinship& kinship) {
  DuplicateReport report;
  for (const auto& rows : kinship.duplicates) {
    ++report.groups;
    report.rows += std::ssize(rows);
    report.sets.push_back(ids_of(draft, rows));
    const auto differ = [&](auto value) {
      return std::ranges::any_of(rows, [&](std::int64_t row) { return value(row) != value(rows.front()); });
    };
    if (differ([&](std::int64_t row) { return split_at(draft, row); }))
      report.across_splits.push_back(report.sets.back());
    for (const table::Factor& column : draft.columns)
      if (differ([&](std::int64_t row) { return column.codes[static_cast<std::size_t>(row)]; }))
        ++report.disagreeing[column.name];
  }
  return report;
}

std::vector<std::string> persons_across_splits(const Draft& draft) {
  std::map<std::string, std::set<std::int32_t>> splits;
  for (const DraftRow& row : draft.rows)
    if (!row.person.empty()) splits[row.person].insert(row.split);
  std::vector<std::string> persons;
  for (const auto& [person, where] : splits)
    if (where.size() > 1) persons.push_back(person);
  return persons;
}

}  // namespace evenface::ingest
