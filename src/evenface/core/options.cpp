#include "evenface/core/options.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/core/error.h"

namespace evenface {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

std::string number(double value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string shown(const FieldValue& value) {
  return std::visit(
      Overloaded{[](bool v) { return std::string(v ? "true" : "false"); },
                 [](std::int64_t v) { return std::to_string(v); }, [](double v) { return fmt::format("{}", v); },
                 [](const std::string& v) { return quoted(v); },
                 [](const std::vector<std::string>& v) { return fmt::format("[{}]", fmt::join(v, ", ")); }},
      value);
}

[[noreturn]] void reject(const Field& field, const FieldValue& value, const std::string& file) {
  throw InputError({.file = file,
                    .at = file.empty() ? flag_of(field) : field.name,
                    .found = fmt::format("{} can't be {}", field.name, shown(value)),
                    .expected = expectation_of(field),
                    .remedy = fmt::format("{}; the default is {}", field.hints.help, toml_value(field))});
}

bool in_range(const FieldHints& hints, double value) { return hints.min <= value && value <= hints.max; }

/// Not a number is an answer where it is the default.
bool fits_real(const FieldHints& hints, double value, double now) {
  return in_range(hints, value) || (std::isnan(value) && std::isnan(now));
}

bool among(const FieldHints& hints, const std::string& text) {
  return hints.choices.empty() || std::ranges::find(hints.choices, text) != hints.choices.end();
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

template <class T>
std::optional<T> parsed(const std::string& text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string flag_of(const Field& field) {
  std::string flag = "--" + field.name;
  std::ranges::replace(flag, '_', '-');
  return flag;
}

std::string toml_value(const Field& field) {
  return std::visit(
      Overloaded{[](const bool* v) { return std::string(*v ? "true" : "false"); },
                 [](const std::int64_t* v) { return std::to_string(*v); }, [](const double* v) { return number(*v); },
                 [](const std::string* v) { return quoted(*v); },
                 [](const std::vector<std::string>* v) { return nlohmann::json(*v).dump(); }},
      field.target);
}

std::string expectation_of(const Field& field) {
  const FieldHints& h = field.hints;
  std::string kind = std::visit(
      Overloaded{
          [](const bool*) { return "true or false"; }, [](const std::int64_t*) { return "an integer"; },
          [](const double*) { return "a number"; }, [](const std::string*) { return "text"; },
          [&](const std::vector<std::string>*) { return h.whole_texts ? "a text, repeatable" : "a list of texts"; }},
      field.target);
  if (!h.choices.empty()) return fmt::format("one of {}", fmt::join(h.choices, ", "));
  const bool low = h.min > -std::numeric_limits<double>::infinity();
  const bool high = h.max < std::numeric_limits<double>::infinity();
  if (low && high) return fmt::format("{} from {} to {}", kind, h.min, h.max);
  if (low) return fmt::format("{} of at least {}", kind, h.min);
  if (high) return fmt::format("{} of at most {}", kind, h.max);
  return kind;
}

void assign(Field& field, const FieldValue& value, const std::string& origin, const std::string& file) {
  const FieldHints& h = field.hints;
  const bool fits = std::visit(
      Overloaded{[](bool* t, bool v) { return *t = v, true; },
                 [&](std::int64_t* t, std::int64_t v) { return in_range(h, static_cast<double>(v)) && (*t = v, true); },
                 [&](double* t, double v) { return fits_real(h, v, *t) && (*t = v, true); },
                 [&](double* t, std::int64_t v) {
                   return in_range(h, static_cast<double>(v)) && (*t = static_cast<double>(v), true);
                 },
                 [&](std::string* t, const std::string& v) { return among(h, v) && (*t = v, true); },
                 [&](std::vector<std::string>* t, const std::string& v) { return among(h, v) && (*t = {v}, true); },
                 [&](std::vector<std::string>* t, const std::vector<std::string>& v) {
                   return std::ranges::all_of(v, [&](const std::string& s) { return among(h, s); }) && (*t = v, true);
                 },
                 [](auto*, const auto&) { return false; }},
      field.target, value);
  if (!fits) reject(field, value, file);
  field.origin = origin;
}

void assign_text(Field& field, const std::string& text, const std::string& origin) {
  const FieldValue value =
      std::visit(Overloaded{[&](bool*) -> FieldValue {
                              if (text == "true" || text == "false") return text == "true";
                              return text;
                            },
                            [&](std::int64_t*) -> FieldValue {
                              if (const auto v = parsed<std::int64_t>(text)) return *v;
                              return text;
                            },
                            [&](double*) -> FieldValue {
                              if (const auto v = parsed<double>(text)) return *v;
                              return text;
                            },
                            [&](std::string*) -> FieldValue { return text; },
                            [&](std::vector<std::string>*) -> FieldValue {
                              return field.hints.whole_texts ? std::vector{text} : split_list(text);
                            }},
                 field.target);
  assign(field, value, origin);
}

Field& field_named(std::vector<Field>& fields, const std::string& name, const std::string& file) {
  const auto found = std::ranges::find(fields, name, &Field::name);
  if (found != fields.end()) return *found;
  std::vector<std::string> names;
  for (const Field& f : fields) names.push_back(f.name);
  const auto near = nearest_name(name, names);
  throw InputError({.file = file,
                    .at = name,
                    .found = "there is no such option",
                    .expected = fmt::format("one of {}", fmt::join(names, ", ")),
                    .remedy = near ? fmt::format("did you mean `{}`?", *near) : "remove it"});
}

std::optional<std::string> nearest_name(const std::string& name, const std::vector<std::string>& candidates) {
  const auto distance = [](const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= b.size(); ++j) {
        const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
      }
    }
    return row[b.size()];
  };
  std::optional<std::string> best;
  std::size_t least = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : candidates)
    if (const std::size_t d = distance(name, candidate); d < least) least = d, best = candidate;
  return best;
}

}  // namespace evenface
