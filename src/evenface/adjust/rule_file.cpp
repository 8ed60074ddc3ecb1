#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/adjust/rule.h"
#include "evenface/core/error.h"
#include "evenface/core/file.h"

// The rule as JSON, and back.
namespace evenface::adjust {
namespace {
using nlohmann::ordered_json;

constexpr const char* kSchema = "evenface.rule";
constexpr int kVersion = 1;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

ordered_json json_of(const Step& step) {
  const auto& [weight, cut] = step;
  if (std::isinf(cut.threshold)) return {{"weight", weight}, {"positive", cut.holds(0) ? "all" : "none"}};
  return {{"weight", weight}, {"positive", cut.above ? "above" : "below"}, {"threshold", cut.threshold}};
}

ordered_json json_of(const ThresholdRule& rule) {
  ordered_json groups = ordered_json::array();
  for (const GroupThresholds& g : rule.groups) {
    ordered_json steps = ordered_json::array();
    for (const Step& step : g.steps) steps.push_back(json_of(step));
    groups.push_back({{"group", g.group}, {"steps", steps}});
  }
  return {{"criterion", to_text(rule.criterion)}, {"groups", groups}};
}
ordered_json json_of(const ShiftRule& rule) { return {{"shifts", rule.shifts}}; }
ordered_json json_of(const TemperatureRule& rule) { return {{"temperature", rule.temperature}}; }

ordered_json json_of(const RuleColumns& c) {
  return {{"id", c.id},         {"truth", c.truth},     {"predicted", c.predicted}, {"by", c.by},
          {"scores", c.scores}, {"classes", c.classes}, {"positive", c.positive},   {"score_kind", to_text(c.kind)}};
}

/// A value of the document and the way to it, for messages.
class Reader {
 public:
  Reader(const ordered_json& value, std::string file, std::string at)
      : value_(value), file_(std::move(file)), at_(std::move(at)) {}

  [[noreturn]] void refuse(const std::string& expected) const {
    std::string found = value_.dump();
    if (constexpr std::size_t kShown = 60; found.size() > kShown) found = found.substr(0, kShown) + "…";
    throw InputError({.file = file_, .at = at_, .found = found, .expected = expected, .remedy = kRemedy});
  }
  Reader operator[](const std::string& key) const {
    if (!value_.is_object() || !value_.contains(key))
      throw InputError({.file = file_,
                        .at = at_.empty() ? key : at_ + "." + key,
                        .found = "the key is missing",
                        .expected = "a rule that evenface adjust --save wrote",
                        .remedy = kRemedy});
    return {value_.at(key), file_, at_.empty() ? key : at_ + "." + key};
  }
  std::vector<Reader> items() const {
    if (!value_.is_array()) refuse("a list");
    std::vector<Reader> list;
    for (std::size_t i = 0; i < value_.size(); ++i) list.push_back({value_[i], file_, fmt::format("{}[{}]", at_, i)});
    return list;
  }
  std::string text() const { return value_.is_string() ? value_.get<std::string>() : (refuse("a text"), ""); }
  double number() const { return value_.is_number() ? value_.get<double>() : (refuse("a number"), 0); }
  std::uint64_t whole() const {
    return value_.is_number_unsigned() ? value_.get<std::uint64_t>() : (refuse("a whole number"), 0);
  }
  bool has(const std::string& key) const { return value_.is_object() && value_.contains(key); }
  std::vector<std::string> texts() const {
    std::vector<std::string> list;
    for (const Reader& item : items()) list.push_back(item.text());
    return list;
  }
  /// A text that `parse` knows.
  template <class Value>
  Value choice(Value (*parse)(const std::string&)) const {
    try {
      return parse(text());
    } catch (const InputError& e) {
      refuse(e.problem().expected);
    }
  }

 private:
  static constexpr const char* kRemedy = "fit the rule again: evenface adjust FIT.csv ... --save RULE.json";
  const ordered_json& value_;
  std::string file_, at_;
};

Step step_of(const Reader& r) {
  const std::string positive = r["positive"].text();
  const double weight = r["weight"].number();
  if (!(weight > 0 && weight <= 1)) r["weight"].refuse("a share in 0..1");
  if (positive == "all") return {weight, {true, -kInfinity}};
  if (positive == "none") return {weight, {true, kInfinity}};
  if (positive != "above" && positive != "below") r["positive"].refuse("one of above, below, all, none");
  return {weight, {positive == "above", r["threshold"].number()}};
}

ThresholdRule thresholds_of(const Reader& r) {
  ThresholdRule rule{r["criterion"].choice(criterion_of), {}};
  std::set<std::string> names;
  for (const Reader& group : r["groups"].items()) {
    GroupThresholds g{group["group"].text(), {}};
    if (!names.insert(g.group).second) group["group"].refuse("a name that no other group has");
    double total = 0;
    for (const Reader& step : group["steps"].items()) g.steps.push_back(step_of(step)), total += g.steps.back().weight;
    if (constexpr double kRounding = 1e-9; std::abs(total - 1) > kRounding)
      group["steps"].refuse("weights that add up to 1");
    rule.groups.push_back(std::move(g));
  }
  if (rule.groups.empty()) r["groups"].refuse("at least one group");
  return rule;
}

ShiftRule shifts_of(const Reader& r, std::size_t classes) {
  ShiftRule rule;
  for (const Reader& shift : r["shifts"].items()) rule.shifts.push_back(shift.number());
  if (rule.shifts.size() != classes) r["shifts"].refuse(fmt::format("one number for each of {} classes", classes));
  return rule;
}

TemperatureRule temperature_of(const Reader& r) {
  const TemperatureRule rule{r["temperature"].number()};
  if (!(rule.temperature > 0)) r["temperature"].refuse("a number above 0");
  return rule;
}

RuleColumns columns_of(const Reader& r) {
  RuleColumns c{
      r["id"].text(),      r["truth"].text(),    r["predicted"].text(), r["by"].texts(),
      r["scores"].texts(), r["classes"].texts(), r["positive"].text(),  r["score_kind"].choice(score_kind_of)};
  if (c.scores.empty()) r["scores"].refuse("at least one column");
  if (c.classes.size() < 2) r["classes"].refuse("at least two classes");
  if (std::set<std::string>(c.classes.begin(), c.classes.end()).size() != c.classes.size())
    r["classes"].refuse("different classes");
  return c;
}

}  // namespace

std::string rule_text(const Rule& rule) {
  ordered_json ids = ordered_json::array();
  for (const std::uint64_t hash : rule.fit_ids) ids.push_back(fmt::format("{:016x}", hash));
  ordered_json document{{"schema", kSchema},
                        {"version", kVersion},
                        {"method", method_name(rule)},
                        {"columns", json_of(rule.columns)},
                        {"rule", std::visit([](const auto& method) { return json_of(method); }, rule.method)},
                        {"seed", rule.seed},
                        {"fitted_on", {{"rows", rule.fit_rows}, {"id_sketch", ids}}}};
  return document.dump(1) + "\n";
}

Rule parse_rule(const std::string& text, const std::string& file) {
  ordered_json document;
  try {
    document = ordered_json::parse(text);
  } catch (const nlohmann::json::exception& e) {
    throw InputError({.file = file,
                      .at = {},
                      .found = fmt::format("this is no JSON, or it is cut off ({} bytes)", text.size()),
                      .expected = "a rule that evenface adjust --save wrote",
                      .remedy = "fit the rule again, or copy the file again"});
  }
  const Reader r(document, file, "");
  if (r["schema"].text() != kSchema) r["schema"].refuse(fmt::format("\"{}\"", kSchema));
  if (r["version"].whole() != kVersion) r["version"].refuse(fmt::format("{}, which this program reads", kVersion));
  Rule rule{.columns = columns_of(r["columns"]),
            .seed = r["seed"].whole(),
            .fit_rows = static_cast<std::int64_t>(r["fitted_on"]["rows"].whole()),
            .fit_ids = {},
            .method = {}};
  for (const Reader& hash : r["fitted_on"]["id_sketch"].items()) {
    const std::string digits = hash.text();
    if (digits.size() != 16 || digits.find_first_not_of("0123456789abcdef") != std::string::npos)
      hash.refuse("16 hexadecimal digits");
    rule.fit_ids.push_back(std::stoull(digits, nullptr, 16));
  }
  const std::string method = r["method"].text();
  if (method == "thresholds") rule.method = thresholds_of(r["rule"]);
  else if (method == "shifts") rule.method = shifts_of(r["rule"], rule.columns.classes.size());
  else if (method == "temperature") rule.method = temperature_of(r["rule"]);
  else r["method"].refuse("one of thresholds, shifts, temperature");
  return rule;
}

Rule read_rule(const std::filesystem::path& file) { return parse_rule(read_file(file), file.string()); }

}  // namespace evenface::adjust
