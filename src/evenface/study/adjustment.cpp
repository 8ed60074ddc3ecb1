#include "evenface/study/adjustment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>

#include <fmt/format.h>

#include "evenface/adjust/id_sketch.h"
#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/study/adjust_fit.h"
#include "evenface/study/adjust_rows.h"
#include "evenface/study/outcomes.h"
#include "evenface/study/run_rows.h"
#include "evenface/table/table.h"

namespace evenface::study {
namespace {
using adjust::Rule;
using adjust::RuleColumns;
using table::Factor;

[[noreturn]] void refuse(const char* at, std::string found, const char* expected, const char* remedy) {
  throw InputError({.file = {}, .at = at, .found = std::move(found), .expected = expected, .remedy = remedy});
}

bool is_of_fits(std::string_view name) {
  constexpr std::array kNames{"method",   "save",   "criterion", "objective", "classes", "score_kind",
                              "positive", "weight", "fit_split", "flip",      "grid",    "min_group",
                              "margin",   "ridge",  "shrink",    "seed"};
  return std::ranges::find(kNames, name) != kNames.end();
}

/// A saved rule holds what a fit looks at: given beside it, such an option would do nothing. One that is given as its
/// default is not told from one that is not given.
void require_no_fit(AdjustOptions o) {
  AdjustOptions plain;
  const std::vector<Field> given = fields_of(o), defaults = fields_of(plain);
  std::vector<std::string> idle;
  for (std::size_t i = 0; i < given.size(); ++i)
    if (is_of_fits(given[i].name) && toml_value(given[i]) != toml_value(defaults[i])) idle.push_back(flag_of(given[i]));
  if (!idle.empty())
    refuse("--rule", fmt::format("a saved rule is applied, not fitted; {} would do nothing", fmt::join(idle, ", ")),
           "no option of a fit beside a rule", "leave them out, or leave --rule out and fit a new rule");
}

void require_fitting_options(const AdjustOptions& o) {
  const std::size_t files = o.predictions.size();
  if (o.rule.empty()) {
    if (o.method.empty())
      refuse("--method", "it is not said how to adjust", "thresholds, shifts or temperature", "name one, or a --rule");
    if (files > 2)
      refuse("predictions", fmt::format("{} files", files), "a file to fit on and a file to adjust", "name two files");
    if (files == 1 && o.save.empty())
      refuse("predictions", "one file: there is nothing to adjust", "a second file, or --save for the rule",
             "name the file to adjust, or where to save the rule");
    if (files == 1 && !o.output.empty())
      refuse("predictions", "one file to fit on, and none to adjust", "a second file", "name the file to adjust");
    if (!o.score.empty() && !(o.scores.empty() && o.classes.empty()))
      refuse("--score", "one score for two classes, and --scores or --classes beside it", "--score, or --scores",
             "leave one of them out");
  } else {
    require_no_fit(o);
    if (files != 1)
      refuse("--rule", fmt::format("a saved rule is applied, not fitted; {} files", files), "one file",
             "name only the file to adjust");
  }
  if ((files == 2 || !o.rule.empty()) && o.output.empty())
    refuse("--output", "it is not said where to write the adjusted predictions", "-o FILE.csv or FILE.parquet",
           "name the file");
}

AdjustSource source_of(const std::string& path, const std::string& split, const AdjustOptions& o) {
  const auto runs = runs_at(std::filesystem::path(path), split);
  if (runs.size() != 1)
    throw InputError({.file = path,
                      .at = {},
                      .found = fmt::format("{} runs", runs.size()),
                      .expected = "one run: each has its own scores and needs its own rule",
                      .remedy = "adjust them one by one, and compare the results together"});
  return {runs.front(), o.data, o.missing};
}

/// The attributes whose crossing makes the groups: one crossing, since a row is decided once.
std::vector<std::string> groups_of(const AdjustOptions& o) {
  const auto crossings = crossings_of(o.by);
  if (crossings.size() > 1)
    refuse("--by", fmt::format("{} crossings", crossings.size()), "one: each row is decided by one rule",
           "name all attributes in one, for example --by race,gender");
  return crossings.empty() ? std::vector<std::string>{} : crossings.front();
}

RuleColumns columns_of(const AdjustOptions& o) {
  return {o.id,
          o.truth,
          o.predicted,
          groups_of(o),
          o.score.empty() ? o.scores : std::vector{o.score},
          o.classes,
          o.positive,
          adjust::score_kind_of(o.score_kind)};
}

/// The columns of a saved rule, but where the user names others for this file.
void rename_columns(RuleColumns& c, const AdjustOptions& o) {
  if (o.id != AdjustOptions().id) c.id = o.id;
  if (!o.truth.empty()) c.truth = o.truth;
  if (!o.predicted.empty()) c.predicted = o.predicted;
  if (!o.by.empty()) c.by = groups_of(o);
  if (!o.score.empty()) c.scores = {o.score};
  if (!o.scores.empty()) c.scores = o.scores;
}

[[noreturn]] void refuse_fit_rows(const std::string& file, std::string found) {
  throw InputError({.file = file,
                    .at = {},
                    .found = std::move(found),
                    .expected = "rows that the rule was not fitted on: a rule judged on its own rows looks better than "
                                "it is, and thresholds chosen on test rows are a known error of published work",
                    .remedy = "fit on validation rows and adjust test rows"});
}

void require_new_rows(const AdjustRows& fitted, const AdjustRows& rows) {
  const std::unordered_set<std::string_view> known(fitted.ids.begin(), fitted.ids.end());
  std::int64_t common = 0;
  const std::string* first = nullptr;
  for (const std::string& id : rows.ids)
    if (known.contains(id)) common += 1, first = first ? first : &id;
  if (common > 0)
    refuse_fit_rows(rows.file.string(), fmt::format("{} of {} ids are in {} too, e.g. \"{}\"", common, rows.rows(),
                                                    fitted.file.string(), *first));
}

void require_new_rows(const Rule& rule, const AdjustRows& rows) {
  if (const auto found = adjust::found_again(rule.fit_ids, rows.ids); found > 0)
    refuse_fit_rows(rows.file.string(), fmt::format("{} of {} noted rows that the rule was fitted on are here", found,
                                                    rule.fit_ids.size()));
}

/// New predictions and, where the method changes them, scores.
struct Decided {
  Factor predicted;
  std::vector<double> scores;  ///< rows x width; empty: as they were
};

Decided decide_all(const Rule& rule, const AdjustRows& rows) {
  const Decider decider(rule, rows.group, rows.file.string());
  const bool thresholds = std::holds_alternative<adjust::ThresholdRule>(rule.method);
  Decided d{{rule.columns.predicted, rule.columns.classes, {}}, {}};
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const bool decided = rows.has_scores(i) && (!thresholds || rows.group.codes[i] >= 0);
    const auto scores = rows.row(i);
    Decision own{Factor::kMissing, {scores.begin(), scores.end()}};
    if (decided) own = decider.decide(rows, i);
    // A temperature changes no prediction, nor one of which it knows no score.
    else if (rows.predicted && std::holds_alternative<adjust::TemperatureRule>(rule.method))
      own.predicted = rows.predicted->codes[i];
    d.predicted.codes.push_back(own.predicted);
    if (!thresholds) d.scores.insert(d.scores.end(), own.scores.begin(), own.scores.end());
  }
  return d;
}

/// A score column as it is written: empty where there is no score.
table::Texts texts_of(const Decided& d, std::size_t width, std::size_t k) {
  table::Texts texts;
  for (std::size_t i = k; i < d.scores.size(); i += width)
    texts.push_back(std::isnan(d.scores[i]) ? std::string() : fmt::format("{}", d.scores[i]));
  return texts;
}

/// The file as it was, with new predictions and scores in place.
table::Table adjusted_table(const AdjustSource& source, const RuleColumns& c, const Decided& d, std::size_t width,
                            bool csv) {
  const auto reader = table::TableReader::open(source.run.predictions);
  std::vector<table::ColumnRequest> all;
  for (const std::string& name : reader.names()) all.push_back({name});
  const table::Table old = reader.read(all);
  table::Table now;
  for (const std::string& name : reader.names()) {
    const auto score = std::ranges::find(c.scores, name);
    const auto k = static_cast<std::size_t>(score - c.scores.begin());
    if (name == c.predicted) now.add(name, d.predicted);
    else if (score == c.scores.end() || d.scores.empty()) now.add(name, old.column(name));
    else if (std::holds_alternative<table::Vectors>(old.column(name)))
      now.add(name, table::Vectors{static_cast<std::int64_t>(width), {d.scores.begin(), d.scores.end()}});
    else if (csv) now.add(name, texts_of(d, width, k));
    else {
      std::vector<double> reals;
      for (std::size_t i = k; i < d.scores.size(); i += width) reals.push_back(d.scores[i]);
      now.add(name, std::move(reals));
    }
    if (csv && std::holds_alternative<table::Vectors>(now.column(name)))
      refuse("--output", fmt::format("the column {} holds vectors, which a CSV file can't", name),
             "a file that ends in .parquet", "name the output .parquet");
  }
  if (!reader.has(c.predicted)) now.add(c.predicted, d.predicted);
  return now;
}

void write_table(const std::filesystem::path& path, const table::Table& table) {
  if (path.extension() == ".csv") return table::write_csv(path, table);
  table::TableWriter writer(path);
  writer.append(table);
  writer.commit();
}

ApplyReport apply_rule(const Rule& rule, const AdjustSource& source, const AdjustRows& rows,
                       const std::string& output) {
  const Decided d = decide_all(rule, rows);
  const bool csv = std::filesystem::path(output).extension() == ".csv";
  write_table(output, adjusted_table(source, rule.columns, d, rows.width, csv));
  ApplyReport report{
      .file = rows.file.string(),
      .output = output,
      .data = source.data,
      .has_truth = !source.data.empty() || table::TableReader::open(source.run.predictions).has(rule.columns.truth),
      .rows = static_cast<std::int64_t>(rows.rows()),
      .undecided = std::ranges::count(d.predicted.codes, Factor::kMissing)};
  if (rows.predicted) {
    report.changed = 0;
    for (std::size_t i = 0; i < rows.rows(); ++i) *report.changed += rows.predicted->codes[i] != d.predicted.codes[i];
  }
  return report;
}

std::vector<std::filesystem::path> inputs_of(const AdjustOptions& o) {
  std::vector<std::filesystem::path> files;
  if (o.rule.empty()) files.push_back(source_of(o.predictions.front(), o.fit_split, o).run.predictions);
  else files.emplace_back(o.rule);
  if (!o.output.empty()) files.push_back(source_of(o.predictions.back(), o.split, o).run.predictions);
  return files;
}

/// Nothing that is read is written over.
void require_inputs_kept(const AdjustOptions& o) {
  for (const auto& input : inputs_of(o))
    for (const auto& [flag, file] : {std::pair{"--output", o.output}, {"--save", o.save}}) {
      std::error_code none;  // a file that isn't there is no input
      if (!file.empty() && std::filesystem::equivalent(file, input, none))
        refuse(flag, fmt::format("{} is read, and would be written over", file), "a file that is not read",
               "name another file");
    }
}

void require_output(const std::string& output) {
  const std::string ending = std::filesystem::path(output).extension().string();
  if (!output.empty() && ending != ".csv" && ending != ".parquet")
    refuse("--output", fmt::format("\"{}\" is no table that can be written", output), ".csv or .parquet",
           "correct its ending");
}

}  // namespace

Adjustment adjust_predictions(const AdjustOptions& o, const Context& context) {
  require_fitting_options(o);
  require_output(o.output);
  require_inputs_kept(o);
  Adjustment a;
  std::optional<AdjustRows> fitted;
  if (o.rule.empty()) {
    AdjustSource source = source_of(o.predictions.front(), o.fit_split, o);
    const RuleColumns columns = resolved_columns(columns_of(o), source, context.threads);
    fitted = read_adjust_rows(source, columns, {.truth = true, .groups = !columns.by.empty(), .weight = o.weight},
                              context.threads);
    auto [rule, report] = fit_rule(*fitted, columns, o, context);
    a.rule = std::move(rule), a.fit = std::move(report);
  } else {
    a.rule = adjust::read_rule(o.rule);
    rename_columns(a.rule.columns, o);
  }
  std::optional<AdjustRows> rows;
  AdjustSource source;
  if (!o.output.empty()) {
    source = source_of(o.predictions.back(), o.split, o);
    const bool groups = std::holds_alternative<adjust::ThresholdRule>(a.rule.method);
    if (source.data.empty() && source.run.folder) source.data = describe_run(source.run).data;
    rows = read_adjust_rows(source, a.rule.columns, {.truth = false, .groups = groups, .weight = {}}, context.threads);
    if (fitted) require_new_rows(*fitted, *rows);
    else require_new_rows(a.rule, *rows);
    a.applied = apply_rule(a.rule, source, *rows, o.output);
  }
  if (!o.save.empty()) write_file(o.save, adjust::rule_text(a.rule));
  return a;
}

}  // namespace evenface::study
