#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/study/run_rows.h"
#include "evenface/study/verify.h"

namespace evenface::study {
namespace {
using table::ColumnRequest;
using table::Factor;

/// Where messages point to.
struct Rows {
  std::string file;
  std::int64_t first;

  std::string at(std::size_t row, const std::string& column) const {
    return fmt::format("row {}, column {}", first + static_cast<std::int64_t>(row), column);
  }
};

/// Whether a level of `same` says yes, or nothing where it says neither.
std::optional<bool> says_same(std::string_view text) {
  std::string word(text);
  std::ranges::transform(word, word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::array kYes{"1", "1.0", "true", "yes", "same", "genuine"};
  constexpr std::array kNo{"0", "0.0", "false", "no", "different", "impostor"};
  if (std::ranges::find(kYes, word) != kYes.end()) return true;
  if (std::ranges::find(kNo, word) != kNo.end()) return false;
  return std::nullopt;
}

std::vector<bool> same_of(const Factor& same, const Rows& rows) {
  std::vector<std::optional<bool>> meaning;
  for (const std::string& level : same.levels) meaning.push_back(says_same(level));
  std::vector<bool> answer(same.codes.size());
  for (std::size_t i = 0; i < same.codes.size(); ++i) {
    const std::int32_t code = same.codes[i];
    const std::optional<bool> says = code < 0 ? std::nullopt : meaning[static_cast<std::size_t>(code)];
    if (!says)
      throw InputError({.file = rows.file,
                        .at = rows.at(i, same.name),
                        .found = code < 0 ? "the cell is empty"
                                          : fmt::format("\"{}\" says neither yes nor no",
                                                        same.levels[static_cast<std::size_t>(code)]),
                        .expected = "1 or 0, true or false, yes or no, same or different, genuine or impostor",
                        .remedy = "name the column that says whether both pictures show the same person with --same"});
    answer[i] = *says;
  }
  for (const bool kind : {true, false})
    if (std::ranges::find(answer, kind) == answer.end())
      throw InputError(
          {.file = rows.file,
           .at = "column " + same.name,
           .found = fmt::format("no pair shows {}", kind ? "the same person" : "different people"),
           .expected = "pairs of both kinds",
           .remedy = "false matches need pairs of different people, false non-matches of the same person"});
  return answer;
}

void require_finite(const std::vector<double>& scores, const Rows& rows, const std::string& column) {
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (!std::isfinite(scores[i]))
      throw InputError({.file = rows.file,
                        .at = rows.at(i, column),
                        .found = std::isnan(scores[i]) ? "there is no score" : "the score is infinite",
                        .expected = "a finite number",
                        .remedy = "give a pair that could not be compared the score that it counts with (the lowest, "
                                  "if it is then rejected), or remove it and say so"});
}

/// The columns of the one crossing that is asked for.
std::vector<std::string> attributes_of(const VerifyOptions& o) {
  const auto crossings = crossings_of(o.by);
  if (crossings.size() == 1) return crossings.front();
  throw InputError({.file = {},
                    .at = "--by",
                    .found = crossings.empty() ? "no attribute to group by" : "more than one grouping",
                    .expected = "one or more columns, e.g. --by race,gender",
                    .remedy = "name the columns whose crossing makes the groups, once"});
}

/// The crossing of the columns, whose missing values become a level of their own.
Factor groups_of(const table::Table& table, const std::vector<std::string>& by, const std::vector<std::string>& missing,
                 std::int64_t& without) {
  constexpr double kMostCrossings = 1e6;
  std::vector<Factor> factors;
  std::vector<bool> misses(static_cast<std::size_t>(table.rows()));
  double crossings = 1;
  for (const std::string& name : by) {
    const Factor f = as_labels(table.factor(name), missing);
    for (std::size_t i = 0; i < f.codes.size(); ++i) misses[i] = misses[i] || f.codes[i] == Factor::kMissing;
    factors.push_back(with_missing_level(f));
    crossings *= factors.back().level_count();
  }
  require(crossings <= kMostCrossings, "the columns of --by have too many crossings to be groups", crossings);
  without = std::ranges::count(misses, true);
  return cross(factors);
}

/// Numbers the persons of both columns from 0 in the order of their first row.
void add_people(ScoredPairs& result, const table::Table& table, const VerifyOptions& options, const Rows& rows) {
  std::unordered_map<std::string, std::int64_t> number;
  const auto number_of = [&](std::size_t row, const std::string& column) {
    const std::string& name = table.texts(column)[row];
    if (name.empty())
      throw InputError({.file = rows.file,
                        .at = rows.at(row, column),
                        .found = "the person is missing",
                        .expected = "a person in both columns of every row",
                        .remedy = "fill it in, or leave out --identity-a and --identity-b"});
    return number.try_emplace(name, static_cast<std::int64_t>(number.size())).first->second;
  };
  for (std::size_t i = 0; i < result.pairs.size(); ++i) {
    stats::Pair& p = result.pairs[i];
    p.first = number_of(i, options.identity_a), p.second = number_of(i, options.identity_b);
    if ((p.first == p.second) != p.genuine)
      throw InputError({.file = rows.file,
                        .at = rows.at(i, options.same),
                        .found = fmt::format("the pair is said to show {}, and the persons are \"{}\" and \"{}\"",
                                             p.genuine ? "the same person" : "different people",
                                             table.texts(options.identity_a)[i], table.texts(options.identity_b)[i]),
                        .expected = "columns that agree",
                        .remedy = "correct the row"});
  }
  result.people = static_cast<std::int64_t>(number.size());
}

std::vector<ColumnRequest> columns_of(const VerifyOptions& o, const std::vector<std::string>& by) {
  using As = ColumnRequest::As;
  constexpr std::size_t kMostLevels = 10000;
  std::vector<ColumnRequest> wanted;
  const auto want = [&](const std::string& name, As as, const std::string& flag) {
    const auto known = std::ranges::find(wanted, name, &ColumnRequest::name);
    if (known == wanted.end()) return wanted.push_back({name, as, {}, as == As::kFactor ? kMostLevels : 0});
    if (known->as == as) return;
    throw InputError({.file = {},
                      .at = flag,
                      .found = fmt::format("the column {} is named for something else already", name),
                      .expected = "a column of its own",
                      .remedy = "name another column"});
  };
  want(o.score, As::kReal, "--score");
  want(o.same, As::kFactor, "--same");
  for (const std::string& name : by) want(name, As::kFactor, "--by");
  if (!o.identity_a.empty()) want(o.identity_a, As::kText, "--identity-a");
  if (!o.identity_b.empty()) want(o.identity_b, As::kText, "--identity-b");
  return wanted;
}

void require_both_persons(const VerifyOptions& o) {
  if (o.identity_a.empty() == o.identity_b.empty() && (o.identity_a.empty() || o.identity_a != o.identity_b)) return;
  throw InputError({.file = {},
                    .at = "--identity-a, --identity-b",
                    .found = "the persons of one side of the pairs only",
                    .expected = "two columns, one for each picture of a pair",
                    .remedy = "name both, or neither"});
}

}  // namespace

ScoredPairs read_pairs(const VerifyOptions& options, int threads) {
  require_both_persons(options);
  const std::vector<std::string> by = attributes_of(options);
  const table::TableReader reader = table::TableReader::open(options.pairs);
  const table::Table table = reader.read(columns_of(options, by), {}, threads);
  const Rows rows{options.pairs, reader.first_row()};
  if (table.rows() == 0)
    throw InputError({.file = options.pairs,
                      .at = {},
                      .found = "there are no rows",
                      .expected = "one row per compared pair",
                      .remedy = "check how the file was written"});
  require_finite(table.reals(options.score), rows, options.score);
  const std::vector<bool> same = same_of(table.factor(options.same), rows);
  ScoredPairs result;
  const Factor group = groups_of(table, by, options.missing, result.rows_without_group);
  result.by = by, result.groups = group.levels;
  for (std::size_t i = 0; i < same.size(); ++i) {
    const double score = table.reals(options.score)[i];
    result.pairs.push_back({group.codes[i], options.distance ? -score : score, same[i]});
  }
  if (!options.identity_a.empty()) add_people(result, table, options, rows);
  return result;
}

}  // namespace evenface::study
