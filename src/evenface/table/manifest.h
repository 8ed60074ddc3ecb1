#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "evenface/table/table.h"

namespace evenface::table {

/// Who says what a column holds.
struct ColumnSource {
  std::string kind = "given";  ///< given, estimated or simulated
  std::string by;              ///< the annotators or the model, in words
};

/// What is known of a data set beside its rows; stored in the manifest's metadata.
struct DataSetInfo {
  std::string name;
  std::string root;  ///< folder that image paths are relative to
  std::string licence;
  std::string citation;
  std::string consent;                          ///< consent basis, as far as known
  std::map<std::string, ColumnSource> sources;  ///< by column name
};

/// A data set folder's manifest.parquet: one row per image, keyed by `id`. Columns:
///   id, image (path relative to root), split (train, val, test or missing), content (hash of the bytes),
///   width, height (px), person, kin, weight, origin, label.<task>, attr.<name> (factors), votes.<task> (vectors,
///   one number per level of label.<task>).
/// id, image and split are always there; the others where known.
class Manifest {
 public:
  /// Opens `<folder>/manifest.parquet`, or the file itself. Throws InputError that
  /// names a column it lacks and the command that would make it.
  static Manifest open(const std::filesystem::path& folder);

  const DataSetInfo& info() const { return info_; }
  const TableReader& reader() const { return reader_; }
  std::filesystem::path root() const;
  std::vector<std::string> tasks() const;       ///< names after "label."
  std::vector<std::string> attributes() const;  ///< names after "attr."

  /// The factor of a task, an attribute, or their plain name ("race"): attr.<name> first, then label.<name>.
  /// Throws InputError that lists what there is.
  std::string column_of(const std::string& name) const;

 private:
  Manifest(TableReader reader, DataSetInfo info);
  TableReader reader_;
  DataSetInfo info_;
};

/// The levels of `split`, in order.
const std::vector<std::string>& split_levels();

/// Metadata that makes a Parquet file a manifest; give it to TableWriter.
std::map<std::string, std::string> manifest_metadata(const DataSetInfo& info);

}  // namespace evenface::table
