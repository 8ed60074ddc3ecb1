#include "evenface/study/finding.h"
#include "evenface/table/table.h"

namespace evenface::study {
namespace {

/// weights.parquet of a run folder: the weight of each cell at each update.
Finding weights(const std::string& arm, std::int64_t seed, const std::filesystem::path& file) {
  const table::Table rows = table::TableReader::open(file).read({{"epoch"}, {"cell"}, {"weight"}});
  const table::Factor& cell = rows.factor("cell");
  std::vector<std::int64_t> epochs;
  std::vector<std::vector<double>> values;
  for (std::size_t i = 0; i < cell.codes.size(); ++i) {
    const std::int64_t epoch = rows.integers("epoch")[i];
    if (epochs.empty() || epochs.back() != epoch) epochs.push_back(epoch), values.emplace_back(cell.levels.size(), 1.0);
    if (cell.codes[i] >= 0) values.back()[static_cast<std::size_t>(cell.codes[i])] = rows.reals("weight")[i];
  }
  Finding f{.id = "weights/" + arm + "/" + std::to_string(seed), .kind = "weights"};
  f.subject = {{"arm", arm}, {"seed", seed}};
  f.evidence = {{"classes", cell.levels}, {"epochs", epochs}, {"weights", values}};
  return f;
}

bool all_one(const Finding& f) {
  for (const auto& update : f.evidence.at("weights"))
    for (const double w : update)
      if (w != 1) return false;
  return true;
}

}  // namespace

Findings find_weights(const Comparison& c) {
  Findings findings;
  const auto add = [&](const std::string& arm, const std::vector<RunSource>& runs) {
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (!runs[i].folder || !std::filesystem::exists(*runs[i].folder / "weights.parquet")) continue;
      Finding f = weights(arm, static_cast<std::int64_t>(i) + 1, *runs[i].folder / "weights.parquet");
      if (!all_one(f)) findings.push_back(std::move(f));
    }
  };
  add(c.names[0], c.before);
  add(c.names[1], c.after);
  return findings;
}

}  // namespace evenface::study
