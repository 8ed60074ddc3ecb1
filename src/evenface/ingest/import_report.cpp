#include "evenface/ingest/import_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "evenface/core/options.h"

namespace evenface::ingest {
namespace {
using nlohmann::json;

std::string split_name(std::int32_t split) {
  return split == table::Factor::kMissing ? "none" : table::split_levels()[static_cast<std::size_t>(split)];
}

ColumnCounts count(const Draft& draft, const table::Factor& column) {
  ColumnCounts counts{.column = column.name, .source = {}, .levels = column.levels, .all = {}, .split = {}};
  if (const auto source = draft.info.sources.find(column.name); source != draft.info.sources.end())
    counts.source = source->second;
  counts.all.resize(column.levels.size());
  for (std::size_t row = 0; row < column.codes.size(); ++row) {
    auto& in_split = counts.split[split_name(draft.rows[row].split)];
    in_split.resize(column.levels.size());
    if (column.codes[row] == table::Factor::kMissing) {
      ++counts.missing;
      continue;
    }
    const auto level = static_cast<std::size_t>(column.codes[row]);
    ++counts.all[level];
    ++in_split[level];
  }
  return counts;
}

/// An object of level -> rows that keeps the order of the levels.
nlohmann::ordered_json by_level(const std::vector<std::string>& levels, const std::vector<std::int64_t>& rows) {
  auto object = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < levels.size(); ++i) object[levels[i]] = rows[i];
  return object;
}

json columns_json(const std::vector<ColumnCounts>& columns) {
  json object = json::object();
  for (const ColumnCounts& c : columns) {
    json splits = json::object();
    for (const auto& [split, rows] : c.split) splits[split] = by_level(c.levels, rows);
    object[c.column] = {{"source", {{"kind", c.source.kind}, {"by", c.source.by}}},
                        {"levels", c.levels},
                        {"rows", by_level(c.levels, c.all)},
                        {"splits", splits},
                        {"missing", c.missing}};
  }
  return object;
}

json repairs_json(const std::vector<Repair>& repairs) {
  json list = json::array();
  for (const Repair& r : repairs)
    list.push_back({{"column", r.column}, {"from", r.from}, {"to", r.to}, {"rows", r.rows}, {"words", describe(r)}});
  return list;
}

json options_json(const IngestOptions& options) {
  IngestOptions copy = options;
  json object = json::object();
  for (const Field& field : fields_of(copy))
    std::visit([&](auto* value) { object[field.name] = *value; }, field.target);
  return object;
}

/// Two of them, and how many more there are.
std::string some_of(const std::vector<std::string>& ids) {
  if (ids.size() <= 2) return fmt::format("{}", fmt::join(ids, " and "));
  return fmt::format("{}, {} and {} more", ids[0], ids[1], ids.size() - 2);
}

/// What must not stay unseen in import.json.
void note_leaks(ImportReport& report) {
  if (const auto& sets = report.duplicates.across_splits; !sets.empty())
    report.notes.push_back(fmt::format("{} pictures lie in more than one split, byte for byte, e.g. {}", sets.size(),
                                       some_of(sets.front())));
  if (const auto& persons = report.persons_across_splits; !persons.empty())
    report.notes.push_back(
        fmt::format("{} persons lie in more than one split, e.g. {}", persons.size(), persons.front()));
}

}  // namespace

std::string describe(const Repair& repair) {
  return fmt::format("{}: {} read as {} in {} rows", repair.column, repair.from,
                     repair.to.empty() ? "missing" : repair.to, repair.rows);
}

ImportReport report_import(const IngestOptions& options, const Draft& draft, const std::vector<PictureFact>& facts,
                           const Kinship& kinship) {
  ImportReport report{.layout = options.layout, .source = options.source, .root = draft.info.root, .info = draft.info};
  report.kept = draft.row_count();
  report.quarantined = std::ssize(draft.rejected);
  report.read = report.kept + report.quarantined;
  for (const DraftRow& row : draft.rows) ++report.splits[split_name(row.split)];
  for (const table::Factor& column : draft.columns) report.columns.push_back(count(draft, column));
  for (const auto& [key, rows] : draft.repairs)
    report.repairs.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), rows});
  for (const Rejected& rejected : draft.rejected) ++report.reasons[rejected.reason];
  report.notes = draft.notes;
  report.duplicates = report_duplicates(draft, kinship);
  report.persons_across_splits = persons_across_splits(draft);
  note_leaks(report);
  for (const PictureFact& fact : facts) {
    ++report.sizes[fmt::format("{}x{}", fact.width, fact.height)];
    report.bytes += fact.bytes;
  }
  return report;
}

json to_json(const ImportReport& r, const IngestOptions& options) {
  return {{"schema_version", 1},
          {"layout", r.layout},
          {"source", r.source},
          {"root", r.root},
          {"name", r.info.name},
          {"licence", r.info.licence},
          {"citation", r.info.citation},
          {"consent", r.info.consent},
          {"rows", {{"read", r.read}, {"kept", r.kept}, {"quarantined", r.quarantined}}},
          {"splits", r.splits},
          {"columns", columns_json(r.columns)},
          {"repairs", repairs_json(r.repairs)},
          {"notes", r.notes},
          {"quarantine", {{"file", "quarantine.csv"}, {"reasons", r.reasons}}},
          {"duplicates",
           {{"groups", r.duplicates.groups},
            {"rows", r.duplicates.rows},
            {"disagreeing", r.duplicates.disagreeing},
            {"sets", r.duplicates.sets},
            {"across_splits", r.duplicates.across_splits},
            {"persons_across_splits", r.persons_across_splits}}},
          {"pictures", {{"sizes", r.sizes}, {"bytes", r.bytes}}},
          {"options", options_json(options)}};
}

}  // namespace evenface::ingest
