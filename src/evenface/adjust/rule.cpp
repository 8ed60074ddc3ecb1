#include "evenface/adjust/rule.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "evenface/core/error.h"

namespace evenface::adjust {
namespace {

constexpr std::array kCriteria{std::pair{Criterion::kParity, "parity"},
                               std::pair{Criterion::kOpportunity, "opportunity"}, std::pair{Criterion::kOdds, "odds"}};
constexpr std::array kKinds{std::pair{ScoreKind::kProbability, "probability"}, std::pair{ScoreKind::kLogit, "logit"},
                            std::pair{ScoreKind::kRank, "rank"}};

template <class Value, std::size_t n>
std::string name_in(const std::array<std::pair<Value, const char*>, n>& names, Value value) {
  for (const auto& [known, name] : names)
    if (known == value) return name;
  throw InternalError("a value without a name");
}

template <class Value, std::size_t n>
Value value_in(const std::array<std::pair<Value, const char*>, n>& names, const std::string& text) {
  std::string all;
  for (const auto& [value, name] : names) {
    if (text == name) return value;
    all += (all.empty() ? "" : ", ") + std::string(name);
  }
  throw InputError({.file = {}, .at = {}, .found = "\"" + text + "\"", .expected = "one of " + all, .remedy = {}});
}

}  // namespace

const char* method_name(const Rule& rule) {
  constexpr std::array kNames{"thresholds", "shifts", "temperature"};
  return kNames.at(rule.method.index());
}

std::string to_text(Criterion criterion) { return name_in(kCriteria, criterion); }
std::string to_text(ScoreKind kind) { return name_in(kKinds, kind); }
Criterion criterion_of(const std::string& text) { return value_in(kCriteria, text); }
ScoreKind score_kind_of(const std::string& text) { return value_in(kKinds, text); }

}  // namespace evenface::adjust
