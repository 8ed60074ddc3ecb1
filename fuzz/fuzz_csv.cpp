// A file of predictions of any content, read as `evaluate` and `compare` read it (keyed by id; truth, prediction
// and two attributes as factors), is judged or refused by InputError, and never differs from itself. The first
// byte chooses the ending and whether the header with the columns that are looked for is given.
#include <filesystem>
#include <string>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/scratch.h"
#include "evenface/study/outcomes.h"

namespace {
using namespace evenface;

void judge(const std::filesystem::path& file) {
  study::OutcomeColumns columns;
  columns.id = "id";
  columns.truth = {"label"};
  columns.predicted = {"pred"};
  columns.by = {{"race"}, {"gender"}};
  const study::RunSource run{file, {}};
  const study::Outcomes outcomes = study::load_outcomes({run}, {run}, columns);
  const stats::PairedCells cells = study::cells_of(outcomes);
  std::int64_t rows = 0;
  for (std::int64_t group = 0; group < cells.groups(); ++group)
    for (const auto& [pattern, count] : cells.of(group)) {
      ensure(pattern == 0 || pattern == 3, "a file gets the same rows right as itself");
      rows += count;
    }
  ensure(rows == outcomes.rows(), "every row that is judged is counted once");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const Scratch folder;
  const bool tabs = (data[0] & 1) != 0, header = (data[0] & 2) == 0;
  const auto file = folder / (tabs ? "t.tsv" : "t.csv");
  std::string text = !header ? "" : tabs ? "id\tlabel\tpred\trace\tgender\n" : "id,label,pred,race,gender\n";
  text.append(reinterpret_cast<const char*>(data + 1), size - 1);
  write_file(file, text);
  try {
    judge(file);
  } catch (const InputError&) {
  }
  return 0;
}
