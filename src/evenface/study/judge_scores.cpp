#include <algorithm>

#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/stats/calibration.h"
#include "evenface/stats/multiclass.h"
#include "evenface/study/ids.h"
#include "evenface/study/judge_family.h"
#include "evenface/study/judge_share.h"

namespace evenface::study {
namespace {
using stats::Measured;
using stats::ScoreCells;

/// One run's scores of a task, and what is asked of them.
struct Scored {
  const Outcomes& outcomes;
  const table::Factor& group;
  const table::Factor& truth;
  const Scores& scores;
  const JudgeOptions& options;

  double weight(std::size_t row) const { return outcomes.weights.empty() ? 1 : outcomes.weights[row]; }
  stats::Person person(std::size_t row) const { return person_where_known(outcomes, row); }
  std::size_t rows() const { return truth.codes.size(); }
  std::span<const double> of_row(std::size_t row) const {
    const auto width = static_cast<std::size_t>(scores.width);
    return std::span(scores.values).subspan(row * width, width);
  }
};

/// A figure of a group, and of all rows but it; group -1 is no group, so that its "others" are all rows.
using FigureOf = std::function<Measured(std::int64_t group, bool others)>;

ScoreCells one_class(const Scored& s, int positive) {
  ScoreCells cells(s.group.level_count());
  const bool single = s.scores.width == 1;
  for (std::size_t row = 0; row < s.rows(); ++row) {
    const std::size_t at =
        row * static_cast<std::size_t>(s.scores.width) + static_cast<std::size_t>(single ? 0 : positive);
    cells.add(s.group.codes[row], s.scores.values[at], s.truth.codes[row] == positive, s.weight(row), s.person(row));
  }
  return cells;
}

stats::MulticlassScores all_classes(const Scored& s) {
  const auto width = static_cast<std::size_t>(s.scores.width);
  stats::MulticlassScores cells(s.group.level_count(), static_cast<int>(width));
  for (std::size_t row = 0; row < s.rows(); ++row) {
    cells.add(s.group.codes[row], s.truth.codes[row], s.of_row(row), s.weight(row), s.person(row));
  }
  return cells;
}

/// The measure of one class.
stats::ScoreFigure score_figure(const std::string& measure) {
  if (measure == "roc_auc") return stats::roc_auc;
  if (measure == "pr_auc") return stats::average_precision;
  if (measure == "soft_recall") return stats::soft_recall;
  if (measure == "soft_false_positive_rate") return stats::soft_false_positive_rate;
  if (measure == "brier") return stats::brier_score;
  return stats::calibration_bias;
}

FigureOf figure_of_class(const Scored& s, const std::string& measure, int positive) {
  auto cells = std::make_shared<const ScoreCells>(one_class(s, positive));
  return [&s, figure = score_figure(measure), cells](std::int64_t group, bool others) {
    return figure(others ? cells->all_but(group) : cells->of(group), s.options.min_group);
  };
}

/// The classes that every group of some size has rows of.
std::vector<int> comparable_classes(const Scored& s) {
  std::vector<std::int64_t> large;
  for (std::int64_t g = 0; g < s.group.level_count(); ++g)
    if (units_in(s.outcomes, s.group, g) >= s.options.min_group) large.push_back(g);
  return stats::comparable_classes(all_classes(s), large, s.options.min_group);
}

/// Over all classes: the mean over comparable classes, but errors of probabilities of the whole row.
FigureOf figure_of_all(const Scored& s, const std::string& measure, const std::vector<int>& classes) {
  auto cells = std::make_shared<const stats::MulticlassScores>(all_classes(s));
  if (measure == "calibration_bias")
    return [&s, cells](std::int64_t group, bool others) {
      return stats::calibration_bias(others ? cells->top_label().all_but(group) : cells->top_label().of(group),
                                     s.options.min_group);
    };
  if (measure == "brier")
    return [&s, cells](std::int64_t group, bool others) {
      return others ? stats::mean_of(cells->squared_errors_of_others(group), s.options.min_group, stats::Bounds{0, 2})
                    : stats::brier_score(*cells, group, s.options.min_group);
    };
  return [&s, cells, classes, figure = score_figure(measure)](std::int64_t group, bool others) {
    if (classes.empty()) return stats::not_measurable(0, "no class has enough rows in every group");
    return stats::macro_mean(*cells, group, classes, figure, s.options.min_group, others);
  };
}

/// A score without what rounding of 32-bit reals puts outside 0 and 1.
double as_probability(double score) { return std::clamp(score, 0.0, 1.0); }

/// What a row has of a measure of one class that is a mean over rows.
std::optional<double> number_of_class(const std::string& measure, double given, bool positive) {
  const double score = as_probability(given), error = score - (positive ? 1 : 0);
  if (measure == "brier") return error * error;
  if (measure == "calibration_bias") return error;
  const bool asked = positive == (measure == "soft_recall");
  return asked ? std::optional(score) : std::nullopt;
}

/// The same over all classes: of the whole row, or of the class with the highest score.
double number_of_all(const std::string& measure, std::span<const double> scores, std::int32_t truth) {
  if (measure == "calibration_bias") {
    const auto top = std::ranges::max_element(scores);
    return as_probability(*top) - (top - scores.begin() == truth ? 1 : 0);
  }
  double squares = 0;
  for (std::size_t c = 0; c < scores.size(); ++c) {
    const double error = as_probability(scores[c]) - (static_cast<std::int32_t>(c) == truth ? 1 : 0);
    squares += error * error;
  }
  return squares;
}

/// What is asked of the scores of a task: in each run, of which classes. No class: of probabilities of the whole row.
struct Scoring {
  std::vector<Scored> runs;
  bool one_class = false;
  std::vector<int> classes;

  /// Whether it is the mean over classes.
  bool averages() const { return !one_class && !classes.empty(); }
  double score(std::size_t run, std::size_t row, int c) const {
    const std::span<const double> own = runs[run].of_row(row);
    return own.size() == 1 ? own.front() : own[static_cast<std::size_t>(c)];
  }
  bool is_of(std::size_t row, int c) const { return runs.front().truth.codes[row] == c; }
};

/// All scores must be probabilities, but for the ranking by one class. Names the row of the first that is none.
void require_probabilities(const Scoring& s, const MetricName& name) {
  if (s.one_class && is_ranking(name)) return;
  for (std::size_t run = 0; run < s.runs.size(); ++run)
    for (std::size_t row = 0; row < s.runs[run].rows(); ++row) try {
        const std::span<const double> own = s.runs[run].of_row(row);
        if (own.size() == 1) stats::require_probability(own.front());
        else stats::require_distribution(own);
      } catch (const InputError& e) {
        const Outcomes& o = s.runs[run].outcomes;
        const IdText id = rows_of_id({o.files[run], o.id}, o.keys[row], o.checks[row]).at(0);
        Problem problem = e.problem();
        problem.file = o.files[run].string();
        problem.at = fmt::format("row {}, scores of the id \"{}\"", id.row, id.text);
        throw InputError(problem);
      }
}

Scoring scoring_of(const Outcomes& o, const MetricName& name, std::size_t crossing, const JudgeOptions& options) {
  if (o.scores.empty())
    throw InputError({.file = {},
                      .at = "--metric " + name.text(),
                      .found = "this metric is about scores, and no column of scores was named",
                      .expected = "--scores with one column per class, or the score of the positive class",
                      .remedy = "for example --scores p_anger,p_fear,p_joy"});
  const std::size_t task = task_of(name, o.tasks).value_or(0);
  const ClassChoice choice = choose_classes(name, o.truth[task].levels,
                                            options.positive.empty() ? std::nullopt : std::optional(options.positive));
  Scoring s{.one_class = choice.average == stats::Average::kOneClass};
  for (const auto& scores : o.scores)
    s.runs.push_back({o, o.crossings[crossing].group, o.truth[task], scores[task], options});
  const bool whole_rows = name.measure == "brier" || name.measure == "calibration_bias" || name.measure == "ece";
  if (s.one_class) s.classes = {choice.positive};
  require_probabilities(s, name);
  if (!s.one_class && !whole_rows) s.classes = comparable_classes(s.runs.front());
  return s;
}

Rankings rankings_in(Scoring scoring, const std::string& measure) {
  const auto rank_measure = measure == "roc_auc" ? stats::RankMeasure::kRocAuc : stats::RankMeasure::kAveragePrecision;
  const std::size_t classes = scoring.classes.size();
  return {rank_measure, classes, [s = std::move(scoring)](std::size_t run, std::size_t row, std::size_t i) {
            return std::pair(s.score(run, row, s.classes[i]), s.is_of(row, s.classes[i]));
          }};
}

/// Of a measure that is one.
MeanMetric mean_of(Scoring scoring, const std::string& measure) {
  const bool whole_rows = scoring.classes.empty();
  MeanMetric metric{.means = whole_rows ? 1 : scoring.classes.size()};
  if (measure == "calibration_bias") metric.bounds = {-1, 1};
  if (measure == "brier" && whole_rows) metric.bounds = {0, 2};
  metric.number = [s = std::move(scoring), measure, whole_rows](std::size_t run, std::size_t row,
                                                                std::size_t i) -> std::optional<double> {
    if (whole_rows) return number_of_all(measure, s.runs[run].of_row(row), s.runs[run].truth.codes[row]);
    return number_of_class(measure, s.score(run, row, s.classes[i]), s.is_of(row, s.classes[i]));
  };
  return metric;
}

void refer_to_chance(const Scoring& s, const Context& context, Judgement& j) {
  const Scored& first = s.runs.front();
  if (!is_ranking(j.metric))
    return refer_means_to_chance(first.outcomes, mean_of(s, j.metric.measure), first.options, context, j);
  refer_rankings_to_chance(first.outcomes, rankings_in(s, j.metric.measure), first.options, context, j);
}

/// The calibration error of each group beside its null, and of no group against another.
void judge_calibration(const Scoring& s, const Context& context, Judgement& j) {
  const Scored& first = s.runs.front();
  std::vector<ScoreCells> cells;
  for (const Scored& run : s.runs)
    cells.push_back(s.one_class ? one_class(run, s.classes.front()) : all_classes(run).top_label());
  const auto error_of = [&](std::int64_t group) {
    std::vector<stats::CalibrationError> each;
    for (const ScoreCells& run : cells)
      each.push_back(stats::calibration_error(group < 0 ? run.all_but(-1) : run.of(group),
                                              {.seed = static_cast<std::uint64_t>(first.options.seed)},
                                              first.options.min_group, context));
    return stats::mean_of(each);
  };
  const auto chance = [](const stats::CalibrationError& error) {
    return error.ece.estimable() ? std::optional(CalibrationChance{error.null.mean, error.excess, error.null.p})
                                 : std::nullopt;
  };
  const stats::CalibrationError all = error_of(-1);
  j.overall = all.ece, j.chance = chance(all);
  for (std::int64_t g = 0; g < first.group.level_count(); ++g) {
    const auto rows = std::ranges::count(first.group.codes, g);
    if (rows == 0) continue;
    const stats::CalibrationError own = error_of(g);
    j.groups.push_back({.group = g, .rows = rows, .n = own.ece.n, .rate = own.ece, .chance = chance(own)});
    j.groups.back().difference = stats::not_applicable(own.ece.n, "calibration errors of groups don't compare");
  }
}

}  // namespace

std::optional<MeanMetric> mean_of_scores(const Outcomes& o, const MetricName& name, std::size_t crossing,
                                         const JudgeOptions& options) {
  if (is_ranking(name) || name.measure == "ece") return std::nullopt;
  Scoring scoring = scoring_of(o, name, crossing, options);
  // A mean over no class has no value.
  if (scoring.classes.empty() && name.measure.starts_with("soft_")) return std::nullopt;
  return mean_of(std::move(scoring), name.measure);
}

Rankings rankings_of(const Outcomes& o, const MetricName& name, std::size_t crossing, const JudgeOptions& options) {
  return rankings_in(scoring_of(o, name, crossing, options), name.measure);
}

void judge_scores(const Outcomes& o, const JudgeOptions& options, const Context& context, Judgement& j) {
  const Scoring scoring = scoring_of(o, j.metric, j.crossing, options);
  const std::string& measure = j.metric.measure;
  j.averaged = averaged_words(j.metric, scoring.classes,
                              scoring.averages() ? scoring.runs.front().truth.levels : std::vector<std::string>());
  if (measure == "ece") return judge_calibration(scoring, context, j);
  std::vector<FigureOf> figures;
  for (const Scored& run : scoring.runs)
    figures.push_back(scoring.one_class ? figure_of_class(run, measure, scoring.classes.front())
                                        : figure_of_all(run, measure, scoring.classes));
  const auto in_runs = [&](std::int64_t g, bool others) {
    std::vector<Measured> each;
    for (const FigureOf& figure : figures) each.push_back(figure(g, others));
    return each;
  };
  j.depends_on_prevalence = measure == "pr_auc" || measure == "brier";
  judge_figures(o.crossings[j.crossing].group, in_runs, options, j);
  refer_to_chance(scoring, context, j);
}

}  // namespace evenface::study
