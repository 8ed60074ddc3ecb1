#include "evenface/table/manifest.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/core/error.h"
#include "evenface/table/parquet_metadata.h"

namespace evenface::table {
namespace {

constexpr std::string_view kLabel = "label.", kAttribute = "attr.";

std::vector<std::string> after_prefix(const TableReader& reader, std::string_view prefix) {
  std::vector<std::string> names;
  for (const std::string& name : reader.names())
    if (name.starts_with(prefix)) names.push_back(name.substr(prefix.size()));
  return names;
}

DataSetInfo info_from(const std::string& text) {
  const nlohmann::json j = nlohmann::json::parse(text);
  DataSetInfo info{j.at("name"), j.at("root"), j.at("licence"), j.at("citation"), j.at("consent"), {}};
  for (const auto& [column, source] : j.at("sources").items())
    info.sources[column] = {source.at("kind"), source.at("by")};
  return info;
}

}  // namespace

Manifest::Manifest(TableReader reader, DataSetInfo info) : reader_(std::move(reader)), info_(std::move(info)) {}

Manifest Manifest::open(const std::filesystem::path& folder) {
  const auto file = std::filesystem::is_directory(folder) ? folder / "manifest.parquet" : folder;
  if (!std::filesystem::exists(file))
    throw InputError({.file = folder.string(),
                      .at = {},
                      .found = "this is no data set folder: it has no manifest.parquet",
                      .expected = {},
                      .remedy = "import the pictures first: evenface ingest <layout> <source> -o " + folder.string()});
  TableReader reader = TableReader::open(file);
  const auto stored = reader.metadata().find(kDataSetKey);
  for (const char* column : {"id", "image", "split"})
    if (!reader.has(column) || stored == reader.metadata().end())
      throw InputError({.file = file.string(),
                        .at = fmt::format("column {}", column),
                        .found = "this Parquet file is no manifest",
                        .expected = "the columns id, image and split, and the data set's description",
                        .remedy = "make it with evenface ingest"});
  DataSetInfo info = info_from(stored->second);
  return Manifest(std::move(reader), std::move(info));
}

std::filesystem::path Manifest::root() const {
  const std::filesystem::path root = info_.root;
  return root.is_absolute() ? root : reader_.path().parent_path() / root;
}

std::vector<std::string> Manifest::tasks() const { return after_prefix(reader_, kLabel); }
std::vector<std::string> Manifest::attributes() const { return after_prefix(reader_, kAttribute); }

std::string Manifest::column_of(const std::string& name) const {
  for (const std::string& column : {std::string(kAttribute) + name, std::string(kLabel) + name, name})
    if (reader_.has(column)) return column;
  throw InputError({.file = reader_.path().string(),
                    .at = {},
                    .found = fmt::format("there is no attribute or label \"{}\"", name),
                    .expected = fmt::format("an attribute ({}) or a label ({})", fmt::join(attributes(), ", "),
                                            fmt::join(tasks(), ", ")),
                    .remedy = "name one of these"});
}

const std::vector<std::string>& split_levels() {
  static const std::vector<std::string> levels{"train", "val", "test"};
  return levels;
}

std::map<std::string, std::string> manifest_metadata(const DataSetInfo& info) {
  nlohmann::json sources = nlohmann::json::object();
  for (const auto& [column, source] : info.sources) sources[column] = {{"kind", source.kind}, {"by", source.by}};
  const nlohmann::json j{{"name", info.name},         {"root", info.root},       {"licence", info.licence},
                         {"citation", info.citation}, {"consent", info.consent}, {"sources", sources}};
  return {{kDataSetKey, j.dump()}};
}

}  // namespace evenface::table
