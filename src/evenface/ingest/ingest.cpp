#include "evenface/ingest/ingest.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "evenface/core/file.h"
#include "evenface/ingest/identity.h"
#include "evenface/ingest/importer.h"
#include "evenface/ingest/split.h"
#include "evenface/ingest/write.h"

namespace evenface::ingest {
namespace {
namespace fs = std::filesystem;

std::int32_t split_code(const std::string& split) {
  const auto& levels = table::split_levels();
  const auto found = std::ranges::find(levels, split);
  ensure(found != levels.end(), "the option's choices are split levels");
  return static_cast<std::int32_t>(found - levels.begin());
}

Draft read_draft(const IngestOptions& options) {
  for (const auto& [value, name] : {std::pair(&options.source, "source"), {&options.output, "output"}})
    if (value->empty())
      throw InputError({.file = {}, .at = name, .found = "it is empty", .expected = "a path", .remedy = "name one"});
  const Importer& importer = importer_named(options.layout);
  try {
    return importer.read(options);
  } catch (const fs::filesystem_error& e) {
    throw_file_error(e.path1(), "read", e.code().value());
  }
}

/// What the user says of the data set goes before what the layout knows.
void describe_set(const IngestOptions& options, Draft& draft) {
  const auto prefer = [](std::string& known, const std::string& given) {
    if (!given.empty()) known = given;
  };
  prefer(draft.info.name, options.name);
  prefer(draft.info.licence, options.licence);
  prefer(draft.info.citation, options.citation);
  prefer(draft.info.consent, options.consent);
}

void set_default_split(const IngestOptions& options, Draft& draft) {
  if (options.default_split.empty()) return;
  for (DraftRow& row : draft.rows)
    if (row.split == table::Factor::kMissing) row.split = split_code(options.default_split);
}

void make_splits(const IngestOptions& options, Draft& draft, const Kinship& kinship) {
  Carving carving{.seed = static_cast<std::uint64_t>(options.split_seed),
                  .stratify = options.stratify.empty() ? draft.stratify : options.stratify};
  for (const auto& [from, to, share] :
       {std::tuple(options.test_from, "test", options.test_share), {options.val_from, "val", options.val_share}}) {
    if (from.empty()) continue;
    carving.from = split_code(from);
    carving.to = split_code(to);
    carving.share = share;
    carve(draft, kinship.kin, carving);
  }
}

std::string frequent_reasons(const Draft& draft, bool with_expected) {
  std::map<std::string, std::int64_t> rows;
  for (const Rejected& rejected : draft.rejected)
    if (with_expected || !rejected.expected) ++rows[rejected.reason];
  std::vector<std::pair<std::int64_t, std::string>> order;
  for (const auto& [reason, n] : rows) order.emplace_back(n, reason);
  std::ranges::sort(order, std::ranges::greater());
  std::vector<std::string> words;
  for (const auto& [n, reason] : order) words.push_back(fmt::format("{} ({})", reason, n));
  if (words.size() > 3) words.resize(3);
  return fmt::format("{}", fmt::join(words, ", "));
}

/// Stops the import when too much is bad, with the list of what is.
void check_bad_share(const IngestOptions& options, const Draft& draft) {
  const std::int64_t rows = draft.row_count() + std::ssize(draft.rejected);
  const bool none_left = draft.row_count() == 0;
  const std::int64_t bad =
      std::ranges::count_if(draft.rejected, [&](const Rejected& rejected) { return none_left || !rejected.expected; });
  if (rows == 0)
    throw InputError({.file = options.source,
                      .at = {},
                      .found = "the source is empty: it names no picture",
                      .expected = "at least one row",
                      .remedy = "check the path and the layout"});
  const double share = static_cast<double>(bad) / static_cast<double>(rows);
  if (share <= options.max_bad && !none_left) return;
  const fs::path list = fs::path(options.output) / "rejected.csv";
  make_folder(options.output);
  write_rejected(list, draft);
  throw InputError(
      {.file = options.source,
       .at = {},
       .found = fmt::format("{} of {} rows can't be used: {}", bad, rows, frequent_reasons(draft, none_left)),
       .expected =
           fmt::format("at most {:.4g} % of the rows bad (--max-bad {:g})", 100 * options.max_bad, options.max_bad),
       .remedy = fmt::format("see {} for each row and its remedy", list.string())});
}

void write_folder(const IngestOptions& options, const Draft& draft, const std::vector<PictureFact>& facts,
                  const Kinship& kinship, const ImportReport& report) {
  const fs::path folder = options.output;
  make_folder(folder);
  write_rejected(folder / "quarantine.csv", draft);
  write_file(folder / "import.json", to_json(report, options).dump(2) + "\n");
  // Last, because a folder with a manifest is a data set.
  write_manifest(folder / "manifest.parquet", draft, facts, kinship);
  std::error_code ignored;
  fs::remove(folder / "rejected.csv", ignored);
}

}  // namespace

ImportReport ingest(const IngestOptions& options, const Context& context) {
  Draft draft = read_draft(options);
  describe_set(options, draft);
  reject_duplicate_ids(draft);
  set_default_split(options, draft);
  draw_sample(draft, options.limit, static_cast<std::uint64_t>(options.split_seed));
  const auto facts = check_pictures(draft, options.verify, context);
  check_bad_share(options, draft);
  draft.info.root = draft.root.string();
  const Kinship kinship = find_kin(draft, facts);
  make_splits(options, draft, kinship);
  ImportReport report = report_import(options, draft, facts, kinship);
  write_folder(options, draft, facts, kinship, report);
  return report;
}

}  // namespace evenface::ingest
