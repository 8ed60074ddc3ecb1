#include "evenface/ingest/simulate_record.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/core/hash.h"
#include "evenface/core/options.h"
#include "evenface/image/face_numbers.h"
#include "evenface/table/manifest.h"

namespace evenface::ingest {
namespace {

using table::Factor;

template <class Value>
auto column_of(const SimulationPlan& plan, Value value) {
  std::vector<std::decay_t<decltype(value(plan.rows.front()))>> column;
  column.reserve(plan.rows.size());
  for (const PlannedFace& row : plan.rows) column.push_back(value(row));
  return column;
}

Factor property_of(const SimulationPlan& plan, const std::string& name, const std::string& property) {
  return {name, face_levels(property),
          column_of(plan, [&](const PlannedFace& row) { return std::int32_t{face_level(row.cell, property)}; })};
}

Factor label_of(const SimulationPlan& plan, const std::string& name) {
  return {name, face_levels("expression"),
          column_of(plan, [](const PlannedFace& row) { return static_cast<std::int32_t>(row.label); })};
}

Factor split_of(const SimulationPlan& plan) {
  return {"split", table::split_levels(), column_of(plan, [](const PlannedFace& row) { return row.split; })};
}

/// Skin and presentation together, the groups that bias is usually put into.
Factor group_of(const SimulationPlan& plan) {
  return table::cross(std::vector{property_of(plan, "skin", "skin"), property_of(plan, "gender", "gender")});
}

/// Options by name, but the output folder.
nlohmann::json options_record(SimulateOptions options) {
  nlohmann::json record = nlohmann::json::object();
  for (const Field& field : fields_of(options))
    if (field.name != "output") std::visit([&](const auto* value) { record[field.name] = *value; }, field.target);
  return record;
}

/// Texts of the knobs that hit each row, joined by a space.
std::vector<std::string> hits_by_row(const SimulationPlan& plan) {
  std::map<std::string, std::string> hits;
  for (const KnobEffect& effect : plan.knobs)
    for (const std::string& id : effect.ids) hits[id] += (hits[id].empty() ? "" : " ") + effect.knob;
  return column_of(plan, [&](const PlannedFace& row) {
    const auto found = hits.find(row.id);
    return found == hits.end() ? std::string() : found->second;
  });
}

}  // namespace

std::string fingerprint_of(const SimulateOptions& options) {
  return content_hash(fmt::format("{} {}", kSimulateVersion, options_record(options).dump()));
}

nlohmann::json bias_record(const SimulateOptions& options, const SimulationPlan& plan) {
  nlohmann::json knobs = nlohmann::json::array(), groups = nlohmann::json::object();
  for (const KnobEffect& e : plan.knobs)
    knobs.push_back({{"knob", e.knob},
                     {"group", e.group},
                     {"words", e.words},
                     {"eligible", e.eligible},
                     {"hit", e.ids.size()},
                     {"ids", e.ids}});
  const Factor group = group_of(plan), split = split_of(plan);
  for (std::int64_t i = 0; i < group.rows(); ++i) {
    nlohmann::json& cell = groups[std::string(group.level_at(i))];
    for (const std::string& level : split.levels)
      if (!cell.contains(level)) cell[level] = 0;
    cell[std::string(split.level_at(i))] = cell[std::string(split.level_at(i))].get<int>() + 1;
  }
  return {{"schema_version", 1},
          {"simulator_version", kSimulateVersion},
          {"fingerprint", fingerprint_of(options)},
          {"options", options_record(options)},
          {"rows", plan.rows.size()},
          {"rows_by_group_and_split", groups},
          {"knobs", knobs}};
}

table::Table truth_table(const SimulateOptions& options, const SimulationPlan& plan) {
  table::Table truth;
  truth.add("id", column_of(plan, [](const PlannedFace& row) { return row.id; }));
  truth.add("split", split_of(plan));
  truth.add("expression", property_of(plan, "expression", "expression"));
  truth.add("label", label_of(plan, "label"));
  for (const char* property : {"skin_tone", "skin", "gender", "age"})
    truth.add(property, property_of(plan, property, property));
  Factor group = group_of(plan);
  group.name = "group";
  truth.add("group", std::move(group));
  truth.add("hit_by", hits_by_row(plan));
  truth.add("copy_of", column_of(plan, [&](const PlannedFace& row) {
              return row.source < 0 ? std::string() : plan.rows[static_cast<std::size_t>(row.source)].id;
            }));
  truth.add("other_style", column_of(plan, [](const PlannedFace& row) { return row.other_style; }));
  truth.add("darker_stops", column_of(plan, [](const PlannedFace& row) { return row.darker_stops; }));
  std::vector<std::string> names;
  std::map<std::string, std::vector<double>> numbers;
  for (std::size_t i = 0; i < plan.rows.size(); ++i)
    for (const auto& [name, value] : image::numbers_of(face_of(options, plan, static_cast<std::int64_t>(i)))) {
      if (i == 0) names.push_back(name);
      numbers[name].push_back(value);
    }
  for (const std::string& name : names) truth.add(name, std::move(numbers[name]));
  return truth;
}

table::Table manifest_table(const SimulateOptions& options, const SimulationPlan& plan,
                            const std::vector<std::string>& contents) {
  const std::size_t n = plan.rows.size();
  table::Table rows;
  rows.add("id", column_of(plan, [](const PlannedFace& row) { return row.id; }));
  rows.add("image", column_of(plan, [](const PlannedFace& row) { return row.image; }));
  rows.add("split", split_of(plan));
  rows.add("content", contents);
  rows.add("width", std::vector<std::int64_t>(n, options.size_px));
  rows.add("height", std::vector<std::int64_t>(n, options.size_px));
  rows.add("kin", column_of(plan, [&](const PlannedFace& row) {
             return row.source < 0 ? row.id : plan.rows[static_cast<std::size_t>(row.source)].id;
           }));
  rows.add("weight", std::vector<double>(n, 1.0));
  rows.add("origin", Factor{"origin", {"simulator"}, std::vector<std::int32_t>(n, 0)});
  rows.add("label.expression", label_of(plan, "label.expression"));
  for (const char* property : {"skin_tone", "skin", "gender", "age"}) {
    const std::string name = fmt::format("attr.{}", property);
    rows.add(name, property_of(plan, name, property));
  }
  return rows;
}

}  // namespace evenface::ingest
