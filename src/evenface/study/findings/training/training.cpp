#include <map>

#include "evenface/study/finding.h"
#include "evenface/table/table.h"

namespace evenface::study {
namespace {
using nlohmann::json;

/// "val accuracy race" for the column accuracy.race on the validation split.
std::string series_name(const std::string& split, const std::string& column) {
  constexpr std::string_view kTask = "accuracy.";
  if (column == "joint_accuracy") return split + " accuracy";
  if (column.starts_with(kTask)) return split + " accuracy " + column.substr(kTask.size());
  return split + " " + column;
}

/// history.parquet of a run folder: one row per epoch and split.
Finding curves(const std::string& arm, std::int64_t seed, const std::filesystem::path& history) {
  const auto reader = table::TableReader::open(history);
  std::vector<table::ColumnRequest> wanted{{"epoch"}, {"split"}};
  std::vector<std::string> figures;
  for (const std::string& name : reader.names())
    if (name == "loss" || name == "joint_accuracy" || name.starts_with("accuracy."))
      figures.push_back(name), wanted.push_back({name});
  const table::Table rows = reader.read(wanted);
  std::map<std::string, std::vector<double>> series;
  std::vector<std::int64_t> epochs;
  double best = -1;
  json best_epoch;
  for (std::int64_t row = 0; row < rows.rows(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    const std::string split(rows.factor("split").level_at(row));
    const std::int64_t epoch = rows.integers("epoch")[i];
    if (split == "val" && rows.reals("joint_accuracy")[i] > best)
      best = rows.reals("joint_accuracy")[i], best_epoch = epoch;
    if (epochs.empty() || epochs.back() != epoch) epochs.push_back(epoch);
    for (const std::string& figure : figures) series[series_name(split, figure)].push_back(rows.reals(figure)[i]);
  }
  Finding f{.id = "training/" + arm + "/" + std::to_string(seed), .kind = "training"};
  f.subject = {{"arm", arm}, {"seed", seed}};
  f.evidence = {{"epochs", epochs}, {"series", series}, {"best_epoch", best_epoch}};
  return f;
}

}  // namespace

Findings find_training(const Comparison& c) {
  Findings findings;
  const auto add = [&](const std::string& arm, const std::vector<RunSource>& runs) {
    for (std::size_t i = 0; i < runs.size(); ++i)
      if (runs[i].folder && std::filesystem::exists(*runs[i].folder / "history.parquet"))
        findings.push_back(curves(arm, static_cast<std::int64_t>(i) + 1, *runs[i].folder / "history.parquet"));
  };
  add(c.names[0], c.before);
  add(c.names[1], c.after);
  return findings;
}

}  // namespace evenface::study
