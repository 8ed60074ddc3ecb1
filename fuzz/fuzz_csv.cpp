// A file of predictions of any content, read as `evaluate` and `compare` read it (keyed by id; truth, prediction and
// attributes as factors; scores, weights and persons, or numbers), is judged or refused by InputError, and
// never differs from itself. The bits of the first byte choose how.
#include <algorithm>
#include <filesystem>
#include <string>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/scratch.h"
#include "evenface/study/outcomes.h"

namespace {
using namespace evenface;

/// What the bits mean.
struct Choice {
  bool tabs, header, numeric, scores, weights, persons;

  explicit Choice(std::uint8_t bits)
      : tabs((bits & 1) != 0),
        header((bits & 2) == 0),
        numeric((bits & 4) != 0),
        scores((bits & 8) != 0),
        weights((bits & 16) != 0),
        persons((bits & 32) != 0) {}
};

study::OutcomeColumns columns_of(const Choice& choice) {
  study::OutcomeColumns columns;
  columns.truth = {"label"};
  columns.predicted = {"pred"};
  columns.by = {{"race", "gender"}, {"gender"}};
  columns.numeric = choice.numeric;
  if (choice.scores && !choice.numeric) columns.scores = {"score_x", "score_y"};
  if (choice.weights) columns.weight = "weight";
  if (choice.persons) columns.person = "person";
  return columns;
}

void judge(const std::filesystem::path& file, const study::OutcomeColumns& columns) {
  const study::RunSource run{file, {}};
  const study::Outcomes outcomes = study::load_outcomes({run}, {run}, columns);
  for (const study::Crossing& crossing : outcomes.crossings)
    for (const std::int32_t code : crossing.group.codes)
      ensure(0 <= code && code < crossing.group.level_count(), "every row that is judged has a group");
  if (columns.numeric) return;
  const stats::PairedCells cells = study::cells_of(outcomes);
  std::int64_t rows = 0;
  for (std::int64_t group = 0; group < cells.groups(); ++group)
    for (const auto& [pattern, count] : cells.of(group)) {
      ensure(pattern == 0 || pattern == 3, "a file gets the same rows right as itself");
      rows += count;
    }
  ensure(rows == outcomes.rows(), "every row that is judged is counted once");
  const stats::Cells by_gender = study::cells_of(outcomes, 1, 0);
  ensure(by_gender.pooled(0).total().rows == rows, "every row is counted in every crossing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const Scratch folder;
  const Choice choice(data[0]);
  const auto file = folder / (choice.tabs ? "t.tsv" : "t.csv");
  std::string text = !choice.header ? "" : "id,label,pred,race,gender,score_x,score_y,weight,person\n";
  if (choice.tabs) std::ranges::replace(text, ',', '\t');
  text.append(reinterpret_cast<const char*>(data + 1), size - 1);
  write_file(file, text);
  try {
    judge(file, columns_of(choice));
  } catch (const InputError&) {
  }
  return 0;
}
