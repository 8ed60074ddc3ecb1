#include "evenface/study/run_rows.h"

#include <unordered_map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/table/manifest.h"

namespace evenface::study {
namespace {
using table::ColumnRequest;
using table::Factor;

void require_unique(const RunRows& rows) {
  std::unordered_map<std::string_view, std::size_t> first;
  for (std::size_t row = 0; row < rows.ids.size(); ++row)
    if (const auto [at, fresh] = first.try_emplace(rows.ids[row], row); !fresh)
      throw InputError(
          {.file = rows.file.string(),
           .at = fmt::format("row {}", rows.number_of(row)),
           .found = fmt::format("the id \"{}\" stands in row {} too", rows.ids[row], rows.number_of(at->second)),
           .expected = "one row per id",
           .remedy = "remove one of the rows, or name the column of a unique id with --id"});
}

std::vector<Factor> factors(const table::Table& table, const std::vector<std::string>& names) {
  std::vector<Factor> list;
  for (const std::string& name : names) list.push_back(table.factor(name));
  return list;
}

}  // namespace

RunDescription describe_run(const RunSource& run) {
  const auto file = *run.folder / "environment.json";
  RunDescription description;
  try {
    description.data = nlohmann::json::parse(read_file(file)).at("data").at("path");
  } catch (const nlohmann::json::exception& e) {
    throw InputError({.file = file.string(),
                      .at = {},
                      .found = e.what(),
                      .expected = "the data set that the run was trained on",
                      .remedy = "train the run again, or compare the files in its predictions folder"});
  }
  constexpr std::string_view kEnding = ".predicted";
  for (const std::string& name : table::TableReader::open(run.predictions).names())
    if (name.ends_with(kEnding)) description.tasks.push_back(name.substr(0, name.size() - kEnding.size()));
  return description;
}

RunRows read_run(const RunSource& source, const OutcomeColumns& columns, bool truth_in_file) {
  using As = ColumnRequest::As;
  std::vector<ColumnRequest> wanted{{columns.id, As::kText}};
  const auto want = [&](const std::vector<std::string>& names) {
    for (const std::string& name : names)
      if (std::ranges::find(wanted, name, &ColumnRequest::name) == wanted.end()) wanted.push_back({name, As::kFactor});
  };
  want(columns.predicted);
  if (truth_in_file) want(columns.truth), want(columns.by);
  const table::TableReader reader = table::TableReader::open(source.predictions);
  const table::Table table = reader.read(wanted);

  RunRows rows{
      source.predictions, reader.first_row(), table.texts(columns.id), {}, factors(table, columns.predicted), {}};
  if (truth_in_file) rows.truth = factors(table, columns.truth), rows.attributes = factors(table, columns.by);
  require_unique(rows);
  return rows;
}

DataRows read_data(const std::string& folder, const std::vector<std::string>& tasks, const std::vector<std::string>& by,
                   const std::vector<std::string>& ids) {
  const table::Manifest manifest = table::Manifest::open(folder);
  std::vector<ColumnRequest> wanted{{"id", ColumnRequest::As::kText}, {"split"}};
  const auto column = [&](const std::string& name, bool label) {
    const std::string found =
        label && manifest.reader().has("label." + name) ? "label." + name : manifest.column_of(name);
    if (std::ranges::find(wanted, found, &ColumnRequest::name) == wanted.end())
      wanted.push_back({found, ColumnRequest::As::kFactor});
    return found;
  };
  std::vector<std::string> truth, attributes;
  for (const std::string& task : tasks) truth.push_back(column(task, true));
  for (const std::string& name : by) attributes.push_back(column(name, false));
  const table::Table table = manifest.reader().read(wanted);

  const auto& known = table.texts("id");
  std::unordered_map<std::string_view, std::int64_t> row_of;
  for (std::size_t row = 0; row < known.size(); ++row) row_of.emplace(known[row], static_cast<std::int64_t>(row));
  std::vector<std::int64_t> rows;
  std::vector<std::string> unknown;
  for (const std::string& id : ids)
    if (const auto found = row_of.find(id); found != row_of.end()) rows.push_back(found->second);
    else unknown.push_back(id);
  if (!unknown.empty())
    throw InputError({.file = folder,
                      .at = {},
                      .found = fmt::format("{} of {} predicted ids are not in this data set, e.g. \"{}\"",
                                           unknown.size(), ids.size(), unknown.front()),
                      .expected = fmt::format("ids such as \"{}\"", known.empty() ? "" : known.front()),
                      .remedy = "name the data set that the predictions were made on with --data"});
  DataRows data;
  for (const std::string& name : truth) data.truth.push_back(take(table.factor(name), rows));
  for (const std::string& name : attributes) data.attributes.push_back(take(table.factor(name), rows));
  data.split = take(table.factor("split"), rows);
  return data;
}

}  // namespace evenface::study
