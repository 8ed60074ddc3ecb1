#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "evenface/adjust/shifts.h"
#include "evenface/adjust/temperature.h"
#include "evenface/adjust/thresholds.h"

namespace evenface::adjust {

/// What the numbers in score columns are.
enum class ScoreKind {
  kProbability,
  kLogit,
  kRank,  ///< any numbers of which the higher speaks for the positive class; enough for thresholds
};

/// The columns that a rule reads, and the classes that its scores stand for.
struct RuleColumns {
  std::string id = "id";
  std::string truth;                 ///< needed to fit only
  std::string predicted;             ///< where the decisions are written
  std::vector<std::string> by;       ///< attributes whose crossing makes the groups
  std::vector<std::string> scores;   ///< one of the positive class; or one per class; or one of vectors
  std::vector<std::string> classes;  ///< in the order of the scores; for a single score: negative, positive
  std::string positive;              ///< for thresholds
  ScoreKind kind = ScoreKind::kProbability;
  bool operator==(const RuleColumns&) const = default;
};

/// All that is needed to adjust rows: plain data, kept as JSON.
struct Rule {
  RuleColumns columns;
  std::uint64_t seed = 1;              ///< of the lots
  std::int64_t fit_rows = 0;           ///< rows that it was fitted on
  std::vector<std::uint64_t> fit_ids;  ///< id_sketch of them
  std::variant<ThresholdRule, ShiftRule, TemperatureRule> method;
  bool operator==(const Rule&) const = default;
};

/// "thresholds", "shifts" or "temperature".
const char* method_name(const Rule& rule);

std::string to_text(Criterion criterion);  ///< parity, opportunity, odds
std::string to_text(ScoreKind kind);       ///< probability, logit, rank
Criterion criterion_of(const std::string& text);
ScoreKind score_kind_of(const std::string& text);

/// The rule as JSON text: schema "evenface.rule", version 1. The same rule gives the same bytes.
std::string rule_text(const Rule& rule);

/// Reads what rule_text wrote. Throws InputError naming the file and the key when it is no JSON, is cut off, has
/// another schema or version, or holds a value that makes no rule.
Rule read_rule(const std::filesystem::path& file);
Rule parse_rule(const std::string& text, const std::string& file);

}  // namespace evenface::adjust
