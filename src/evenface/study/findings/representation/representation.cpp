#include <algorithm>
#include <cmath>

#include "evenface/study/finding.h"

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

/// Every attribute that groups or is predicted, and the crossing.
Findings find_representation(const DataFactors& data) {
  Findings findings;
  for (const Factor& column : data.columns) findings.push_back(representation(column.name, column, data.split));
  if (data.crossed.size() > 1) {
    std::string name;
    for (const Factor& by : data.crossed) name += (name.empty() ? "" : " x ") + by.name;
    findings.push_back(representation(name, cross(data.crossed), data.split));
  }
  return findings;
}

}  // namespace evenface::study
