#include "evenface/train/history.h"

#include <nlohmann/json.hpp>

#include "evenface/table/table.h"

namespace evenface::train {

void to_json(nlohmann::json& json, const EpochRecord& record) {
  json = {{"epoch", record.epoch},
          {"split", record.split},
          {"learning_rate", record.learning_rate},
          {"tally", record.tally}};
}

void from_json(const nlohmann::json& json, EpochRecord& record) {
  record.epoch = json.at("epoch");
  record.split = json.at("split");
  record.learning_rate = json.at("learning_rate");
  record.tally = json.at("tally");
}

void write_history(const std::filesystem::path& path, const std::vector<EpochRecord>& history,
                   const std::vector<Task>& tasks) {
  std::vector<std::int64_t> epoch;
  table::Texts split;
  std::vector<double> rate, loss, joint, mean, sd;
  std::vector<std::vector<double>> accuracy(tasks.size());
  for (const EpochRecord& r : history) {
    epoch.push_back(r.epoch), split.push_back(r.split), rate.push_back(r.learning_rate);
    loss.push_back(r.tally.loss / static_cast<double>(r.tally.rows));
    joint.push_back(share_correct(r.tally.joint));
    for (std::size_t t = 0; t < tasks.size(); ++t) accuracy[t].push_back(share_correct(r.tally.tasks[t]));
    const CellSpread spread = spread_over_cells(r.tally);
    mean.push_back(spread.mean), sd.push_back(spread.sd);
  }
  table::Table table;
  table.add("epoch", epoch);
  table.add("split", table::factor_of("split", split, {"train", "val"}));
  table.add("learning_rate", rate);
  table.add("loss", loss);
  table.add("joint_accuracy", joint);
  for (std::size_t t = 0; t < tasks.size(); ++t) table.add("accuracy." + tasks[t].name, accuracy[t]);
  table.add("cell_mean", mean);
  table.add("cell_sd", sd);
  table::TableWriter writer(path);
  writer.append(table);
  writer.commit();
}

}  // namespace evenface::train
