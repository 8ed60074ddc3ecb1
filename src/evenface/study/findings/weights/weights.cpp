#include <algorithm>

#include "evenface/study/finding.h"
#include "evenface/table/table.h"

namespace evenface::study {
namespace {

/// weights.parquet of a run folder: the weight of each cell at each update.
struct Updates {
  std::vector<std::string> classes;
  std::vector<std::int64_t> epochs;
  std::vector<std::vector<double>> weights;  ///< epochs x classes
};

Updates read_updates(const std::filesystem::path& file) {
  const table::Table rows = table::TableReader::open(file).read({{"epoch"}, {"cell"}, {"weight"}});
  const table::Factor& cell = rows.factor("cell");
  Updates u{cell.levels, {}, {}};
  for (std::size_t i = 0; i < cell.codes.size(); ++i) {
    const std::int64_t epoch = rows.integers("epoch")[i];
    if (u.epochs.empty() || u.epochs.back() != epoch)
      u.epochs.push_back(epoch), u.weights.emplace_back(cell.levels.size(), 1.0);
    if (cell.codes[i] >= 0) u.weights.back()[static_cast<std::size_t>(cell.codes[i])] = rows.reals("weight")[i];
  }
  return u;
}

bool all_one(const Updates& u) {
  return std::ranges::all_of(u.weights,
                             [](const auto& w) { return std::ranges::all_of(w, [](double x) { return x == 1; }); });
}

/// One finding per arm that was weighted: the mean over its runs where all were updated alike, else of the first run.
void add_arm(const std::string& arm, const std::vector<RunSource>& runs, Findings& findings) {
  std::vector<Updates> all;
  for (const RunSource& run : runs)
    if (run.folder && std::filesystem::exists(*run.folder / "weights.parquet"))
      all.push_back(read_updates(*run.folder / "weights.parquet"));
  if (all.empty() || all_one(all.front())) return;
  Updates mean = all.front();
  const bool alike =
      std::ranges::all_of(all, [&](const Updates& u) { return u.epochs == mean.epochs && u.classes == mean.classes; });
  Finding f{.id = "weights/" + arm, .kind = "weights"};
  f.subject = {{"arm", arm}};
  if (!alike) f.subject["seed"] = 1;
  for (std::size_t update = 0; alike && update < mean.weights.size(); ++update)
    for (std::size_t c = 0; c < mean.classes.size(); ++c) {
      double sum = 0;
      for (const Updates& u : all) sum += u.weights[update][c];
      mean.weights[update][c] = sum / static_cast<double>(all.size());
    }
  f.evidence = {{"classes", mean.classes}, {"epochs", mean.epochs}, {"weights", mean.weights}};
  findings.push_back(std::move(f));
}

}  // namespace

Findings find_weights(const Comparison& c) {
  Findings findings;
  add_arm(c.names[0], c.before, findings);
  add_arm(c.names[1], c.after, findings);
  return findings;
}

}  // namespace evenface::study
