#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evenface/stats/metric.h"
#include "evenface/study/cursor.h"

namespace evenface::study {

/// A metric as users name it: `[task.]measure[(argument)]`, e.g. accuracy, recall(fear), race.f1(macro),
/// recall("a level (with signs), as stored").
struct MetricName {
  std::string task = {};      ///< empty: the only task; for accuracy all tasks jointly
  std::string measure = {};   ///< canonical, one of measure_names()
  std::string argument = {};  ///< a class, or `macro` or `micro`; may be empty
  bool quoted = false;        ///< the argument is a class though it reads macro or micro

  /// As parse_metric reads it.
  std::string text() const;
  bool operator==(const MetricName&) const = default;
};

/// What a metric is computed from: predicted classes, the scores of classes, predicted numbers, or predicted classes
/// and how annotators voted.
enum class MetricFamily { kClasses, kScores, kNumbers, kVotes };

/// Which way is better. A bias is best at 0; a selection rate is neither, and is treated as the first.
enum class Better { kHigher, kLower, kNearZero };

/// All canonical measures, in the order of the documentation.
std::vector<std::string> measure_names();

/// The other words that are taken for one of them.
std::vector<std::string> other_measure_words();

/// Whether the word names a measure.
bool is_measure(std::string_view word);

/// A word that may have a task before it: `[task.]word`; the word follows the last dot, and may be empty.
struct TaskWord {
  std::string task;
  std::string_view word;
  std::size_t word_at;  ///< byte in the text
};

/// Throws InputError when the task is an empty text.
TaskWord read_task_word(Cursor& cursor);

/// Reads a whole text. Other words for a measure (true_positive_rate, tpr, sensitivity for recall) become
/// the canonical one. Throws InputError with the column in the text and the nearest known measure.
MetricName parse_metric(std::string_view text);

/// Reads the metric that comes next and leaves the cursor behind it. Throws as parse_metric.
MetricName read_metric(Cursor& cursor);

MetricFamily family_of(const MetricName& name);
bool needs_scores(const MetricName& name);
bool is_number(const MetricName& name);
bool needs_votes(const MetricName& name);
Better better(const MetricName& name);
/// Whether two runs are compared by it, unit by unit: not by what is best at 0, nor by a calibration error.
bool is_compared(const MetricName& name);
/// Whether it is about the order of the scores alone.
bool is_ranking(const MetricName& name);

/// The index of the task that is meant, or nothing for the joint correctness of all (accuracy without a task
/// where there are several). Throws InputError that lists the tasks when it is not one of them, or not said.
std::optional<std::size_t> task_of(const MetricName& name, const std::vector<std::string>& tasks);

/// Of two classes the one that reads as a yes, the other as its no: 1, true, yes, positive, present.
std::optional<int> class_that_reads_as_yes(const std::vector<std::string>& levels);

/// The class that is positive in a task of two classes: the one given with --positive, else the one that
/// reads as a yes. Throws InputError when it is neither.
int positive_class(const std::vector<std::string>& levels, const std::optional<std::string>& positive);

/// The classes over which a metric of classes or scores is taken.
struct ClassChoice {
  stats::Average average = stats::Average::kOneClass;
  int positive = 0;  ///< for kOneClass
};

/// A named class; or macro or micro; or, without an argument, the class given with --positive, the positive
/// class of two, and the mean over all (macro) where there are more; the mean of selection rates says nothing and
/// is refused. Throws InputError that lists the levels when the argument is none of them, and as positive_class.
ClassChoice choose_classes(const MetricName& name, const std::vector<std::string>& levels,
                           const std::optional<std::string>& positive);

/// The metric of predicted classes that is meant; `levels` are the task's classes. For a macro average
/// `Metric::classes` holds all of them; the caller keeps those that every compared group has. Throws
/// as choose_classes. The metric must be of the family kClasses.
stats::Metric resolve(const MetricName& name, const std::vector<std::string>& levels,
                      const std::optional<std::string>& positive);

}  // namespace evenface::study
