#include "evenface/study/condition/names.h"

#include <algorithm>

#include <fmt/format.h>

#include "evenface/core/error.h"

namespace evenface::study {
namespace {

template <class List>
std::vector<std::string> names_of(const List& list) {
  std::vector<std::string> names;
  for (const auto& item : list) names.push_back(item.name);
  return names;
}

std::string slip(const std::string& given, const std::vector<std::string>& names) {
  const auto near = nearest_word(given, names);
  return near ? fmt::format("did you mean {}?", is_word(*near) ? *near : in_quotes(*near)) : "";
}

const AttributeNames& find_attribute(const Cursor& cursor, const PlacedName& attribute, const KnownNames& known) {
  const auto found = std::ranges::find(known.attributes, attribute.name, &AttributeNames::name);
  if (found != known.attributes.end()) return *found;
  const auto names = names_of(known.attributes);
  reject(cursor, attribute.at, fmt::format("there is no attribute \"{}\"", attribute.name),
         fmt::format("one of {}", listed(names)), slip(attribute.name, names));
}

void check_group(const Cursor& cursor, const std::vector<GroupPart>& group, const KnownNames& known) {
  for (const GroupPart& part : group) {
    const AttributeNames& attribute = find_attribute(cursor, part.attribute, known);
    if (std::ranges::find(attribute.levels, part.level.name) == attribute.levels.end())
      reject(cursor, part.level.at, fmt::format("{} has no level \"{}\"", attribute.name, part.level.name),
             fmt::format("one of {}", listed(attribute.levels)), slip(part.level.name, attribute.levels));
  }
}

void check_family(const Cursor& cursor, const FigureRequest& request, const TaskNames& task) {
  const bool numbers = task.classes.empty();
  if (is_number(request.metric) != numbers)
    reject(cursor, request.metric_at,
           fmt::format("{} is of {}, and {} is predicted as {}", request.metric.measure,
                       numbers ? "classes" : "numbers", task.name, numbers ? "numbers" : "classes"),
           numbers ? "mae or bias" : "a metric of classes, such as accuracy or recall");
  if (needs_scores(request.metric) && !task.scores)
    reject(cursor, request.metric_at, fmt::format("{} needs the scores of {}", request.metric.measure, task.name),
           "predictions that hold a score per class", "name the columns of the scores, or use a metric of classes");
  if (needs_votes(request.metric) && !task.votes)
    reject(cursor, request.metric_at,
           fmt::format("{} needs annotators' votes on {}", request.metric.measure, task.name),
           "--votes with one column per class", "name the columns, or use a metric of classes");
}

/// Runs the checks of metric_name.h with the place in the condition.
template <class Check>
void at_place(const Cursor& cursor, std::size_t at, Check&& check) {
  try {
    check();
  } catch (const InputError& e) {
    const Problem& p = e.problem();
    reject(cursor, at, p.at == "--positive" ? "--positive: " + p.found : p.found, p.expected, p.remedy);
  }
}

/// --positive is meant for the tasks that have this class; with one task it must be one of its classes.
std::optional<std::string> positive_of(const TaskNames& task, const KnownNames& known) {
  if (!known.positive || known.tasks.size() == 1) return known.positive;
  return std::ranges::find(task.classes, *known.positive) == task.classes.end() ? std::nullopt : known.positive;
}

void check_metric(const Cursor& cursor, const FigureRequest& request, const KnownNames& known) {
  std::optional<std::size_t> index;
  at_place(cursor, request.metric_at, [&] { index = task_of(request.metric, names_of(known.tasks)); });
  if (!index) return;  // accuracy of all tasks jointly
  const TaskNames& task = known.tasks[*index];
  check_family(cursor, request, task);
  const auto positive = positive_of(task, known);
  at_place(cursor, request.metric_at, [&] {
    if (family_of(request.metric) == MetricFamily::kClasses) resolve(request.metric, task.classes, positive);
    if (needs_scores(request.metric)) choose_classes(request.metric, task.classes, positive);
  });
}

void check_figure(const Cursor& cursor, const FigureRequest& request, const KnownNames& known) {
  check_metric(cursor, request, known);
  check_group(cursor, request.group, known);
  for (const PlacedName& attribute : request.crossing) find_attribute(cursor, attribute, known);
  if (request.change && !known.comparison)
    reject(cursor, request.begin, "a change where only one set of predictions is judged", "the figure itself",
           "changes are of evenface compare");
}

}  // namespace

void check_names(const Condition& condition, const KnownNames& known) {
  const Cursor cursor = condition_cursor(condition.text);
  for (const ConditionTest& test : condition.tests) {
    if (const auto* const figure = std::get_if<FigureTest>(&test.what)) check_figure(cursor, figure->request, known);
    else if (!known.comparison)
      reject(cursor, std::get<VerdictTest>(test.what).begin, "a verdict where only one set of predictions is judged",
             "a comparison of a figure with a number", "verdicts are of evenface compare");
  }
}

}  // namespace evenface::study
