#pragma once
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "evenface/core/error.h"
#include "evenface/ingest/draft.h"
#include "evenface/ingest/text_table.h"

namespace evenface::ingest {

/// Whether a target of --column holds annotators' votes: votes.<task>.
bool is_votes(std::string_view target);

/// Annotators' votes in tables with a column for each class: --column votes.<task>=<column>, in whose name a * stands
/// for the class ("votes_*").
class VoteImport {
 public:
  /// Takes the votes.<task> of --column. Throws InputError unless each has one *.
  explicit VoteImport(const std::vector<std::string>& mappings);

  /// Finds the columns of the next table among `names`, which nothing else reads. Throws InputError when none fits, or
  /// when they differ from a table before.
  void open(const std::filesystem::path& path, const std::vector<std::string>& names);
  /// The columns that it reads.
  std::set<std::string> columns() const;

  using Row = std::map<std::string, std::vector<float>>;  ///< votes.<task> -> votes, class by class
  /// The votes in a row, or what is wrong with a cell.
  Checked<Row> read(const TextTable& table, std::size_t row) const;
  void add(const Row& row);

  /// Gives the draft its votes, in the order of the levels of label.<task>. Notes columns of no level. Throws
  /// InputError when there is no label.<task>, or no column for one of its levels.
  void finish(Draft& draft) const;

 private:
  using Classes = std::map<std::string, std::string>;  ///< class -> column
  void order(Draft& draft, const std::string& target, const Classes& classes) const;

  std::map<std::string, std::string> patterns_;       ///< by votes.<task>
  std::map<std::string, Classes> classes_;            ///< by votes.<task>
  std::map<std::string, std::vector<float>> values_;  ///< by votes.<task>: rows x classes
};

}  // namespace evenface::ingest
