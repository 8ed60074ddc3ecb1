#include "evenface/ingest/ferplus.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evenface/core/file.h"
#include "evenface/ingest/fer2013.h"
#include "evenface/ingest/text_table.h"
#include "evenface/ingest/unlisted.h"
#include "evenface/ingest/vote_label.h"

namespace evenface::ingest {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t kClasses = 8;
constexpr std::array<const char*, 10> kAnswers{"neutral", "happiness", "surprise", "sadness", "anger",
                                               "disgust", "fear",      "contempt", "unknown", "NF"};
constexpr const char *kLabelColumn = "label.emotion", *kVotesColumn = "votes.emotion";

/// A part of the data set: its folder, its name in the tables, and the split it becomes.
struct Part {
  const char* folder;
  const char* usage;
  std::int32_t split;
};
constexpr std::array<Part, 3> kParts{
    {{"FER2013Train", "Training", 0}, {"FER2013Valid", "PublicTest", 1}, {"FER2013Test", "PrivateTest", 2}}};

table::DataSetInfo description(const std::string& rule) {
  table::DataSetInfo info;
  info.name = "FER+";
  info.licence = "votes: MIT; pictures (FER2013): none stated";
  info.citation =
      "E. Barsoum, C. Zhang, C. Canton Ferrer and Z. Zhang, Training Deep Networks for Facial Expression Recognition "
      "with Crowd-Sourced Label Distribution, ICMI 2016; I. J. Goodfellow et al., Challenges in Representation "
      "Learning: A Report on Three Machine Learning Contests, ICONIP 2013";
  info.consent = "none recorded: pictures were found by a web search";
  info.sources[kLabelColumn] = {"given",
                                fmt::format("ten crowd workers a picture, as perceived from it; label by the rule "
                                            "\"{}\" (FER+ authors)",
                                            rule)};
  info.sources[kVotesColumn] = {"given", "ten crowd workers a picture (FER+ authors)"};
  return info;
}

using Answers = std::array<int, kAnswers.size()>;

/// How many annotators gave each answer, and the class that it makes.
struct Voted {
  Answers votes;
  std::int32_t label;
};

Checked<Answers> read_votes(const TextTable& table, std::size_t row) {
  Answers votes{};
  for (std::size_t i = 0; i < kAnswers.size(); ++i) {
    const std::string& text = table.cell(kAnswers[i], row);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), votes[i]);
    if (error != std::errc() || end != text.data() + text.size() || votes[i] < 0)
      return std::unexpected(Problem{.at = kAnswers[i],
                                     .found = fmt::format("\"{}\"", text),
                                     .expected = "how many annotators chose it",
                                     .remedy = "correct the cell"});
  }
  return votes;
}

/// "3 sadness, 4 anger, 3 unknown".
std::string in_words(std::span<const int> votes) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < votes.size(); ++i)
    if (votes[i] > 0) words.push_back(fmt::format("{} {}", votes[i], kAnswers[i]));
  return words.empty() ? "no votes" : fmt::format("{}", fmt::join(words, ", "));
}

/// Fills a draft with rows that have votes.
class VotedRows {
 public:
  VotedRows(Draft& draft, std::string rule) : draft_(draft), rule_(std::move(rule)) {
    table::Factor label{kLabelColumn, {}, {}};
    label.levels.assign(kAnswers.begin(), kAnswers.begin() + kClasses);
    draft_.columns.push_back(std::move(label));
    draft_.votes[kVotesColumn].width = kClasses;
  }

  /// What the votes in a row of the table say of the face; a row without a label goes to the rejected ones.
  std::optional<Voted> judge(const DraftRow& row, const TextTable& table, std::size_t at) {
    const auto votes = read_votes(table, at);
    if (!votes) {
      reject(row, "malformed row", votes.error());
      return std::nullopt;
    }
    if (const auto label = label_of_votes(*votes, kClasses, rule_)) return Voted{*votes, *label};
    leave_out(row, "votes make no label",
              {.found = in_words(*votes),
               .expected = fmt::format("votes that make a label by the rule \"{}\"", rule_),
               .remedy = "none needed; another --label-rule may keep the row"});
    return std::nullopt;
  }

  void add(DraftRow row, const Voted& voted) {
    draft_.columns.front().codes.push_back(voted.label);
    auto& values = draft_.votes[kVotesColumn].values;
    const auto outside = voted.votes.begin() + kClasses;
    unvoted_ += std::all_of(voted.votes.begin(), outside, [](int n) { return n == 0; });
    values.insert(values.end(), voted.votes.begin(), outside);
    outside_ += std::accumulate(outside, voted.votes.end(), std::int64_t{0});
    draft_.rows.push_back(std::move(row));
  }

  void reject(DraftRow row, std::string reason, Problem problem) {
    draft_.rejected.push_back({std::move(row), std::move(reason), std::move(problem)});
  }

  /// Not because the row is bad.
  void leave_out(DraftRow row, std::string reason, Problem problem) {
    reject(std::move(row), std::move(reason), std::move(problem));
    draft_.rejected.back().expected = true;
  }

  void finish() {
    if (unvoted_ > 0)
      draft_.notes.push_back(fmt::format(
          "{} rows for which nobody chose a class are labelled {} by the rule \"{}\": the first class, as no other has "
          "more votes",
          unvoted_, kAnswers.front(), rule_));
    if (outside_ > 0)
      draft_.notes.push_back(
          fmt::format("votes.emotion holds the votes for the {} classes; {} votes for unknown or no face are not in it",
                      kClasses, outside_));
  }

 private:
  Draft& draft_;
  std::string rule_;
  std::int64_t outside_ = 0, unvoted_ = 0;
};

/// The rows of a part's label.csv, which names pictures beside it.
void read_label_file(const fs::path& source, const Part& part, VotedRows& rows, Draft& draft) {
  std::vector<std::string> columns{"name", "box"};
  columns.insert(columns.end(), kAnswers.begin(), kAnswers.end());
  const std::string file = fmt::format("{}/label.csv", part.folder);
  const std::size_t before = draft.rejected.size();
  const TextTable table = read_headless_table(source / file, columns, draft.rejected);
  for (std::size_t i = before; i < draft.rejected.size(); ++i) draft.rejected[i].row.table = file;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    DraftRow row{.table = file, .number = table.numbers[i]};
    row.id = row.image = fmt::format("{}/{}", part.folder, table.cell("name", i));
    row.split = part.split;
    if (const auto voted = rows.judge(row, table, i)) rows.add(std::move(row), *voted);
  }
}

/// Whether an earlier import, perhaps by another rule, wrote that very file.
bool holds(const fs::path& file, const std::string& bytes) {
  std::error_code error;
  return fs::file_size(file, error) == bytes.size() && !error && read_file(file) == bytes;
}

/// The rows of fer2013new.csv, with pictures by name or from the numbers of fer2013.csv.
class VoteTable {
 public:
  VoteTable(const IngestOptions& options, VotedRows& rows, Draft& draft)
      : source_(options.source), rows_(rows), draft_(draft) {
    std::vector<std::string> columns{"Usage", "Image name"};
    columns.insert(columns.end(), kAnswers.begin(), kAnswers.end());
    table_ = read_text_table(source_ / kVotes, columns, draft.rejected);
    if (fs::exists(source_ / kPixels)) {
      pixels_ = read_fer2013(source_ / kPixels, draft.rejected);
      draft.root = fs::path(options.output) / "pictures";
    }
  }

  void add_all() {
    for (std::size_t i = 0; i < table_.rows(); ++i) add(i);
    if (fs::exists(draft_.root) && pixels_) flush_file_system(draft_.root);
    if (renamed_ > 0)
      draft_.notes.push_back(fmt::format(
          "{} names of pictures occur twice in {}: the second picture is called <name>-2.png", renamed_, kVotes));
  }

  static constexpr const char *kVotes = "fer2013new.csv", *kPixels = "fer2013.csv";

 private:
  void add(std::size_t i) {
    DraftRow row = table_.row_at(i);
    const std::string& usage = table_.cell("Usage", i);
    const auto* part = std::ranges::find(kParts, usage, &Part::usage);
    if (part == kParts.end())
      return rows_.reject(std::move(row), "malformed row",
                          {.at = "Usage",
                           .found = fmt::format("\"{}\"", usage),
                           .expected = "Training, PublicTest or PrivateTest",
                           .remedy = "correct the cell"});
    row.split = part->split;
    const std::string& name = table_.cell("Image name", i);
    if (name.empty())
      return rows_.leave_out(std::move(row), "no face",
                             {.found = "the row names no picture",
                              .expected = "a picture; the published table leaves out those that show no face",
                              .remedy = "none needed"});
    if (fs::path(name).filename() != name)  // a picture is written under that name
      return rows_.reject(std::move(row), "malformed row",
                          {.at = "Image name",
                           .found = fmt::format("\"{}\"", name),
                           .expected = "the name of a file, without folders",
                           .remedy = "correct the cell"});
    row.id = row.image = fmt::format("{}/{}", part->folder, pixels_ ? distinct(name) : name);
    const auto voted = rows_.judge(row, table_, i);
    if (voted && (!pixels_ || write_picture(row, usage))) rows_.add(std::move(row), *voted);
  }

  /// The name, or where it stood in a row before another one: pictures that are joined by row are not the same.
  std::string distinct(const std::string& name) {
    const int times = ++names_[name];
    if (times == 1) return name;
    ++renamed_;
    return fmt::format("{}-{}.png", fs::path(name).stem().string(), times);
  }

  /// Writes the picture of a row; a row without one is rejected.
  bool write_picture(const DraftRow& row, const std::string& usage) {
    const auto pixels = pixels_->find(row.number);
    if (pixels == pixels_->end()) {
      rows_.reject(row, "no picture",
                   {.found = fmt::format("{} has no such row", kPixels),
                    .expected = "the same rows in both tables",
                    .remedy = fmt::format("use the {} that the votes belong to", kPixels)});
      return false;
    }
    if (pixels->second.usage != usage) refuse_other_rows(row.number, usage, pixels->second.usage);
    const auto png = fer2013_picture(pixels->second.pixels);
    if (!png) {
      rows_.reject(row, "unreadable picture", png.error());
      return false;
    }
    if (const fs::path file = draft_.root / row.image; !holds(file, *png)) write_file(file, *png, Flush::kLater);
    return true;
  }

  /// Tables that are joined row by row must be of the same rows.
  [[noreturn]] void refuse_other_rows(std::int64_t number, const std::string& usage, const std::string& other) const {
    throw InputError({.file = (source_ / kPixels).string(),
                      .at = fmt::format("row {}", number),
                      .found = fmt::format("it is of {}, and of {} in {}", other, usage, kVotes),
                      .expected = "both tables in the published order: pictures and votes are joined row by row",
                      .remedy = fmt::format("take {} as it was published, without sorting or splitting it", kPixels)});
  }

  fs::path source_;
  VotedRows& rows_;
  Draft& draft_;
  TextTable table_;
  std::optional<std::map<std::int64_t, Fer2013Row>> pixels_;
  std::map<std::string, int> names_;
  std::int64_t renamed_ = 0;
};

}  // namespace

Draft FerPlus::read(const IngestOptions& options) const {
  const fs::path source = options.source;
  Draft draft;
  draft.info = description(options.label_rule);
  draft.root = options.root.empty() ? source : fs::path(options.root);
  draft.stratify = {kLabelColumn};
  VotedRows rows(draft, options.label_rule);
  std::vector<std::string> folders, absent;
  for (const Part& part : kParts) {
    if (fs::exists(source / part.folder / "label.csv")) folders.emplace_back(part.folder);
    else absent.emplace_back(part.folder);
  }
  if (!folders.empty()) {
    for (const Part& part : kParts)
      if (std::ranges::find(folders, part.folder) != folders.end()) read_label_file(source, part, rows, draft);
    for (const std::string& folder : absent)
      draft.notes.push_back(fmt::format("{}/label.csv is not there: its split is empty", folder));
    note_unlisted_pictures(draft, folders);
    if (fs::exists(source / VoteTable::kVotes))
      draft.notes.push_back(fmt::format(
          "votes are those of label.csv; {}, which is there too, has others for some pictures and was not read",
          VoteTable::kVotes));
  } else if (fs::exists(source / VoteTable::kVotes)) {
    VoteTable(options, rows, draft).add_all();
  } else {
    throw InputError({.file = source.string(),
                      .at = {},
                      .found = "there is neither FER2013Train/label.csv nor fer2013new.csv",
                      .expected = "the folder that holds FER2013Train, FER2013Valid and FER2013Test with their "
                                  "label.csv, or fer2013new.csv with fer2013.csv",
                      .remedy = "check the path, or use imagefolder or csv for another layout"});
  }
  rows.finish();
  return draft;
}

}  // namespace evenface::ingest
