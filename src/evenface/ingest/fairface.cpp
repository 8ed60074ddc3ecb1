#include "evenface/ingest/fairface.h"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evenface/ingest/level_matcher.h"
#include "evenface/ingest/text_table.h"
#include "evenface/ingest/unlisted.h"

namespace evenface::ingest {
namespace {
namespace fs = std::filesystem;

/// One column of the label files, and where it goes.
struct Target {
  const char* source;
  const char* column;
  LevelMatcher levels;
  bool required;
};

const std::vector<Target>& targets() {
  static const std::vector<Target> all{
      {"race", "label.race",
       LevelMatcher({"White", "Black", "Latino_Hispanic", "East Asian", "Southeast Asian", "Indian", "Middle Eastern"}),
       true},
      {"gender", "label.gender", LevelMatcher({"Male", "Female"}), true},
      {"age", "label.age",
       LevelMatcher({"0-2", "3-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "more than 70"},
                    {{"70+", "more than 70"}, {">70", "more than 70"}}),
       true},
      {"service_test", "attr.service_test", LevelMatcher({"False", "True"}), false}};
  return all;
}

table::DataSetInfo description() {
  table::DataSetInfo info;
  info.name = "FairFace";
  info.licence = "CC BY 4.0";
  info.citation =
      "K. Kärkkäinen and J. Joo, FairFace: Face Attribute Dataset for Balanced Race, Gender, and Age for Bias "
      "Measurement and Mitigation, WACV 2021";
  info.consent = "none recorded: pictures were collected from public web sources";
  for (const Target& target : targets())
    info.sources[target.column] = {"given", "crowd workers, as perceived from the picture (FairFace authors)"};
  info.sources["attr.service_test"].by = "FairFace authors: a subset balanced over race and gender";
  return info;
}

/// The path from the split's folder on: some copies put folders in front ("fairface/val/1.jpg").
/// A path that climbs is left as it is, to be refused.
std::string without_prefix(const std::string& file) {
  const fs::path path = file;
  const fs::path folder = path.parent_path().filename();
  const bool climbs = std::ranges::find(path, fs::path("..")) != path.end();
  if (climbs || (folder != "train" && folder != "val")) return file;
  return (folder / path.filename()).generic_string();
}

/// The labels of one row: a code per target, and the cells that were read as another text.
struct Labels {
  std::vector<std::int32_t> codes;
  std::vector<std::tuple<std::string, std::string, std::string>> repairs;
};

/// Reads the labels of one row; the problem of the first cell that means no level.
Checked<Labels> read_labels(const TextTable& table, std::size_t row) {
  Labels labels;
  for (const Target& target : targets()) {
    if (!table.columns.contains(target.source)) {
      labels.codes.push_back(table::Factor::kMissing);
      continue;
    }
    const std::string& text = table.cell(target.source, row);
    const auto code = target.levels.match(text);
    const auto& levels = target.levels.levels();
    if (!code)
      return std::unexpected(Problem{.at = target.source,
                                     .found = fmt::format("\"{}\"", text),
                                     .expected = fmt::format("one of {}", fmt::join(levels, ", ")),
                                     .remedy = "correct the cell in the label file"});
    const std::string& level = levels[static_cast<std::size_t>(*code)];
    if (level != text) labels.repairs.emplace_back(target.column, text, level);
    labels.codes.push_back(*code);
  }
  return labels;
}

void read_label_file(const fs::path& path, std::int32_t split, Draft& draft) {
  std::vector<std::string> columns{"file"};
  const auto names = column_names(path);
  for (const Target& target : targets())
    if (target.required || std::ranges::find(names, target.source) != names.end()) columns.emplace_back(target.source);
  const TextTable table = read_text_table(path, columns, draft.rejected);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    DraftRow row = table.row_at(i);
    const std::string& file = table.cell("file", i);
    row.image = without_prefix(file);
    row.id = row.image;
    row.split = split;
    Checked<Labels> labels = read_labels(table, i);
    if (!labels) {
      draft.rejected.push_back({std::move(row), "unknown label", std::move(labels.error())});
      continue;
    }
    if (row.image != file) {
      const std::string prefix = file.substr(0, file.size() - row.image.size());
      labels->repairs.emplace_back("image", prefix + "…", "…");
    }
    for (const auto& repair : labels->repairs) ++draft.repairs[repair];
    for (std::size_t k = 0; k < labels->codes.size(); ++k) draft.columns[k].codes.push_back(labels->codes[k]);
    draft.rows.push_back(std::move(row));
  }
}

}  // namespace

Draft FairFace::read(const IngestOptions& options) const {
  const fs::path source = options.source;
  Draft draft;
  draft.info = description();
  draft.root = options.root.empty() ? source : fs::path(options.root);
  draft.stratify = {"label.race", "label.gender"};
  for (const Target& target : targets()) draft.columns.push_back({target.column, target.levels.levels(), {}});
  const std::array<const char*, 2> splits{"train", "val"};
  std::vector<std::string> absent;
  for (std::int32_t split = 0; split < 2; ++split) {
    const std::string file = fmt::format("fairface_label_{}.csv", splits[static_cast<std::size_t>(split)]);
    if (fs::exists(source / file)) read_label_file(source / file, split, draft);
    else absent.push_back(file);
  }
  if (absent.size() == splits.size())
    throw InputError({.file = source.string(),
                      .at = {},
                      .found = fmt::format("there is neither {}", fmt::join(absent, " nor ")),
                      .expected = "the folder that holds FairFace's label files and its folders train and val",
                      .remedy = "check the path, or use imagefolder or csv for another layout"});
  for (const std::string& file : absent) draft.notes.push_back(file + " is not there: its split is empty");
  note_unlisted_pictures(draft, {"train", "val"});
  return draft;
}

}  // namespace evenface::ingest
