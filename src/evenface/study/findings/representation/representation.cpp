#include <algorithm>
#include <cmath>
#include <set>

#include "evenface/study/finding.h"
#include "evenface/table/manifest.h"

namespace evenface::study {
namespace {
using nlohmann::json;
using table::Factor;

std::vector<std::int64_t> counts_of(const Factor& f, const Factor& split, std::int32_t code) {
  std::vector<std::int64_t> counts(f.levels.size());
  for (std::size_t i = 0; i < f.codes.size(); ++i)
    if (f.codes[i] >= 0 && split.codes[i] == code) ++counts[static_cast<std::size_t>(f.codes[i])];
  return counts;
}

/// Shannon entropy in nats.
double entropy(const std::vector<std::int64_t>& counts) {
  double n = 0, h = 0;
  for (const auto c : counts) n += static_cast<double>(c);
  for (const auto c : counts)
    if (c > 0) h -= static_cast<double>(c) / n * std::log(static_cast<double>(c) / n);
  return h;
}

Finding representation(const std::string& name, const Factor& f, const Factor& split) {
  Finding finding{.id = "representation/" + name, .kind = "representation"};
  finding.subject = {{"attribute", name}};
  json splits = json::object();
  std::vector<std::int64_t> measured;
  std::string measured_on;
  for (std::int32_t code = 0; code < split.level_count(); ++code) {
    auto counts = counts_of(f, split, code);
    if (std::ranges::all_of(counts, [](auto c) { return c == 0; })) continue;
    const std::string& level = split.levels[static_cast<std::size_t>(code)];
    splits[level] = {{"levels", f.levels}, {"counts", counts}};
    if (measured.empty()) measured = std::move(counts), measured_on = level;
  }
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < measured.size(); ++i)
    if (measured[i] == 0) missing.push_back(f.levels[i]);
  const double h = entropy(measured);
  finding.severity = missing.empty() ? "info" : "notice";
  finding.evidence = {{"splits", splits},
                      {"measured_on", measured_on},
                      {"entropy", h},
                      {"evenness", f.levels.size() > 1 ? h / std::log(static_cast<double>(f.levels.size())) : 1.0},
                      {"effective_number", std::exp(h)},
                      {"missing", missing}};
  return finding;
}

}  // namespace

/// Every attribute that groups or is predicted, and the crossing; of the whole data set where
/// it is known, else of the judged rows.
Findings find_representation(const Outcomes& o) {
  std::vector<std::pair<std::string, Factor>> columns;
  std::set<std::string> seen;
  Factor split{"split", {"all"}, {}};
  std::vector<Factor> crossed;
  const auto add = [&](const std::string& name, Factor f) {
    if (seen.insert(name).second) columns.emplace_back(name, std::move(f));
  };
  if (o.data.empty()) {
    split.codes.assign(static_cast<std::size_t>(o.rows()), 0);
    for (const std::size_t i : o.crossings.front().attributes)
      crossed.push_back(o.attributes[i]), add(o.attributes[i].name, o.attributes[i]);
    for (std::size_t t = 0; t < o.tasks.size(); ++t) add(o.tasks[t], o.truth[t]);
  } else {
    const table::Manifest manifest = table::Manifest::open(o.data);
    const auto read = [&](const std::string& name) {
      const std::string column = manifest.column_of(name);
      return manifest.reader().read({{column, table::ColumnRequest::As::kFactor}}).factor(column);
    };
    split = manifest.reader().read({{"split"}}).factor("split");
    for (const std::string& name : o.by()) crossed.push_back(read(name)), add(name, crossed.back());
    for (const std::string& name : o.tasks) add(name, read(name));
  }
  Findings findings;
  for (const auto& [name, factor] : columns) findings.push_back(representation(name, factor, split));
  if (crossed.size() > 1) {
    std::string name;
    for (const std::string& by : o.by()) name += (name.empty() ? "" : " x ") + by;
    findings.push_back(representation(name, cross(crossed), split));
  }
  return findings;
}

}  // namespace evenface::study
