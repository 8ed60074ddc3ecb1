#include "evenface/ingest/vote_import.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace evenface::ingest {
namespace {
namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "votes.";

[[noreturn]] void refuse(const fs::path& file, const std::string& target, const std::string& pattern,
                         const std::string& found, const std::string& expected) {
  const std::string task = target.substr(kPrefix.size());
  throw InputError({.file = file.string(),
                    .at = fmt::format("--column {}={}", target, pattern),
                    .found = found,
                    .expected = expected,
                    .remedy = fmt::format("for example --column '{}=votes_*' --column label.{}=label", target, task)});
}

/// What stands at the * of a pattern; empty where the name does not fit.
std::string class_in(const std::string& name, const std::string& pattern) {
  const std::size_t star = pattern.find('*');
  const std::string before = pattern.substr(0, star), after = pattern.substr(star + 1);
  if (name.size() <= before.size() + after.size() || !name.starts_with(before) || !name.ends_with(after)) return {};
  return name.substr(before.size(), name.size() - before.size() - after.size());
}

Checked<float> number_of(const std::string& column, const std::string& text) {
  float value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && std::isfinite(value) && value >= 0) return value;
  return std::unexpected(Problem{.at = column,
                                 .found = fmt::format("\"{}\"", text),
                                 .expected = "a number of votes or a share of them, not below 0",
                                 .remedy = "correct the cell, or remove the row"});
}

}  // namespace

bool is_votes(std::string_view target) { return target.starts_with(kPrefix) && target.size() > kPrefix.size(); }

VoteImport::VoteImport(const std::vector<std::string>& mappings) {
  for (const std::string& entry : mappings) {
    const std::size_t equals = std::min(entry.find('='), entry.size());
    const std::string target = entry.substr(0, equals);
    if (!is_votes(target)) continue;
    const std::string pattern = entry.substr(std::min(equals + 1, entry.size()));
    if (std::ranges::count(pattern, '*') != 1)
      refuse({}, target, pattern, "it holds no single *", "the name of a column, with a * where the class stands");
    if (!patterns_.emplace(target, pattern).second)
      refuse({}, target, pattern, "the votes are mapped twice", "one mapping");
  }
}

void VoteImport::open(const fs::path& path, const std::vector<std::string>& names) {
  for (const auto& [target, pattern] : patterns_) {
    Classes found;
    for (const std::string& name : names)
      if (const std::string level = class_in(name, pattern); !level.empty()) found[level] = name;
    if (found.empty())
      refuse(path, target, pattern, "no column bears such a name", fmt::format("one of {}", fmt::join(names, ", ")));
    const auto [known, first] = classes_.emplace(target, found);
    if (!first && known->second != found)
      refuse(path, target, pattern, "other columns fit than in the table before", "the same columns in every table");
  }
}

std::set<std::string> VoteImport::columns() const {
  std::set<std::string> columns;
  for (const auto& [target, classes] : classes_)
    for (const auto& [level, column] : classes) columns.insert(column);
  return columns;
}

Checked<VoteImport::Row> VoteImport::read(const TextTable& table, std::size_t row) const {
  Row votes;
  for (const auto& [target, classes] : classes_)
    for (const auto& [level, column] : classes) {
      const auto number = number_of(column, table.cell(column, row));
      if (!number) return std::unexpected(number.error());
      votes[target].push_back(*number);
    }
  return votes;
}

void VoteImport::add(const Row& row) {
  for (const auto& [target, votes] : row) {
    auto& values = values_[target];
    values.insert(values.end(), votes.begin(), votes.end());
  }
}

void VoteImport::finish(Draft& draft) const {
  for (const auto& [target, classes] : classes_) order(draft, target, classes);
}

void VoteImport::order(Draft& draft, const std::string& target, const Classes& classes) const {
  const std::string label = "label." + target.substr(kPrefix.size());
  const auto column = std::ranges::find(draft.columns, label, &table::Factor::name);
  if (column == draft.columns.end())
    refuse({}, target, patterns_.at(target), fmt::format("no column {} is imported", label),
           "votes beside the label that they are about");
  std::vector<std::string> others;
  for (const auto& [level, name] : classes)
    if (std::ranges::find(column->levels, level) == column->levels.end()) others.push_back(name);
  std::vector<std::ptrdiff_t> places;  // of the levels among the classes
  for (const std::string& level : column->levels) {
    const auto at = classes.find(level);
    if (at == classes.end())
      refuse({}, target, patterns_.at(target), fmt::format("no column holds votes of {}", level),
             fmt::format("one for each of {}", fmt::join(column->levels, ", ")));
    places.push_back(std::distance(classes.begin(), at));
  }
  table::Vectors votes{std::ssize(places), {}};
  const auto values = values_.find(target);
  if (values != values_.end())
    for (auto row = values->second.begin(); row != values->second.end(); row += std::ssize(classes))
      for (const std::ptrdiff_t place : places) votes.values.push_back(row[place]);
  draft.votes[target] = std::move(votes);
  draft.info.sources[target] = {"given", "the table that was imported"};
  if (!others.empty())
    draft.notes.push_back(
        fmt::format("{}: votes of no level of {} were left out: {}", target, label, fmt::join(others, ", ")));
}

}  // namespace evenface::ingest
