#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evenface/core/context.h"
#include "evenface/stats/cells.h"
#include "evenface/stats/measured.h"
#include "evenface/stats/metric.h"
#include "evenface/stats/paired_cells.h"
#include "evenface/stats/paired_units.h"
#include "evenface/study/runs.h"
#include "evenface/table/table.h"

namespace evenface::study {

/// Which columns hold what in a file of predictions. For predictions of our own
/// runs all of it is known and nothing need be named.
struct OutcomeColumns {
  std::string id = "id";
  std::vector<std::string> truth;            ///< one per task
  std::vector<std::string> predicted;        ///< one per task, in the same order
  std::vector<std::vector<std::string>> by;  ///< crossings of attributes that make groups; the first is primary
  std::vector<std::vector<std::string>> also_by = {};  ///< further crossings, for what conditions name
  std::string data;                                    ///< data set folder that gives truth and attributes, by id
  /// One column of vectors per task; or for a single task one column of numbers per class, whose name
  /// ends with the class, or a single column, the score of the positive class.
  std::vector<std::string> scores = {};
  std::string weight = {}, person = {};  ///< in the file or, where it lacks them, in the data set
  /// Of a single task: a column of numbers per class, whose name ends with the class, or a column of vectors; likewise
  /// in the file or the data set. None named: votes.<task> of the data set, if it has that.
  std::vector<std::string> votes = {};
  bool numeric = false;                                       ///< truth and prediction are numbers (ages), not classes
  std::vector<std::string> missing = table::missing_texts();  ///< as classes, groups or persons, beside the empty text
};

/// "race,gender" or "race*gender" as {race, gender}, one crossing per text; a repeated crossing counts once.
/// Throws InputError when a name is empty or stands twice in a crossing.
std::vector<std::vector<std::string>> crossings_of(const std::vector<std::string>& texts);

/// A way to make groups of the rows.
struct Crossing {
  std::vector<std::string> names;
  std::vector<std::size_t> attributes;  ///< indices into Outcomes::attributes
  table::Factor group;                  ///< no row is missing
};

/// Where the rows of a group of the primary crossing are: in every run; in runs before alone, in runs after
/// alone, in both but not in every run (all left out).
struct GroupCoverage {
  std::string name;
  std::int64_t common = 0, only_before = 0, only_after = 0, in_some = 0;
  std::int64_t without_truth = 0;   ///< of the common rows; left out too
  std::int64_t without_scores = 0;  ///< of the common rows; left out by metrics of scores

  std::int64_t all() const { return common + only_before + only_after + in_some; }
};

/// Scores of a task: `width` numbers a row, row after row; NaN in a row that has none.
struct Scores {
  std::int64_t width = 0;
  std::vector<double> values;
};

/// How many annotators chose each class, by row, of the only task; or how likely each is (soft labels). Finite, >= 0.
struct Votes {
  std::vector<std::string> classes;     ///< the task's in the order of its levels, then those that nobody predicts
  std::vector<std::vector<double>> of;  ///< [class][row]

  bool known() const { return !classes.empty(); }
  /// Of all classes; 0 in a row without votes.
  double sum(std::size_t row) const;
  /// Whether all are whole numbers, which soft labels are not.
  bool are_counts() const;
};

/// The level of the rows that miss a value of an attribute.
inline constexpr const char* kMissingLevel = "missing";

/// The same rows as judged by several runs, joined by id. Rows stand in the order of their ids' keys, so that
/// nothing depends on the order of rows in files; those of one file that are only counted as they stand there, for
/// counts don't depend on it either. What is empty is not known.
struct Outcomes {
  std::vector<std::string> tasks;
  std::vector<std::uint64_t> keys;                    ///< key_of(id); common to all runs
  std::vector<std::uint64_t> checks;                  ///< check_key_of(id): two ids may share a key, not both
  std::vector<table::Factor> truth;                   ///< [task]; no row is missing
  std::vector<table::Factor> attributes;              ///< the distinct attributes of all crossings; none missing
  std::vector<Crossing> crossings;                    ///< the first is primary
  std::vector<std::vector<table::Factor>> predicted;  ///< [run][task], levels as in truth; missing: no prediction
  std::vector<std::vector<Scores>> scores;            ///< [run][task]; columns as truth's levels, or one; NaN: none
  std::vector<std::uint8_t> has_scores;               ///< [row] in every run, of every task; empty: all have
  std::vector<double> weights;                        ///< mean 1 over the rows
  table::Factor person;                               ///< who is shown; may be missing in a row
  Votes votes;                                        ///< how annotators voted
  std::vector<std::vector<double>> true_values;       ///< [task], instead of truth where outcomes are numbers
  std::vector<std::vector<std::vector<double>>> predicted_values;  ///< [run][task]; NaN: no prediction
  int runs_before = 0, runs_after = 0;
  std::int64_t rows_only_before = 0, rows_only_after = 0, rows_in_some = 0;  ///< left out, as in GroupCoverage
  std::int64_t rows_without_truth = 0;                ///< left out: the truth of a task is missing
  std::int64_t rows_without_scores = 0;               ///< left out by metrics of scores: a run has none
  std::vector<std::int64_t> rows_without_prediction;  ///< [run] of the judged rows; they count as wrong
  std::int64_t rows_seen_in_training = 0;             ///< of the common rows, by the data set's split
  std::vector<GroupCoverage> coverage;                ///< by group of the primary crossing
  std::vector<std::string> notes;                     ///< what a user must be told, in sentences
  std::string data;                                   ///< the data set folder, if one is known
  std::vector<std::filesystem::path> files;           ///< [run] where predictions were read; with the column of ids
  std::string id;                                     ///< they tell messages which row of a file a row was

  std::int64_t rows() const { return static_cast<std::int64_t>(keys.size()); }
  int runs() const { return runs_before + runs_after; }
  /// The primary crossing.
  const table::Factor& group() const { return crossings.front().group; }
  const std::vector<std::string>& by() const { return crossings.front().names; }
  /// The pattern of runs that got every task of the row right.
  stats::Pattern pattern(std::int64_t row) const;
};

/// Loads and joins the predictions; `after` is empty for an evaluation. Throws InputError when an id occurs
/// twice, the files disagree about truth, a column is missing, nothing is in common, no predicted class is a true
/// one, a row has some of its scores, or classes (over 1,000) or groups (over 10,000) are too many to be any.
Outcomes load_outcomes(const std::vector<RunSource>& before, const std::vector<RunSource>& after,
                       const OutcomeColumns& columns, const Context& context = {});

/// Whether a row has scores. It has all of them or none.
bool has_scores(const Scores& scores, std::size_t row);

/// The rows that every run has scores of.
Outcomes rows_with_scores(const Outcomes& outcomes, int threads);

/// The rows of one arm alone, as those of an evaluation.
Outcomes arm_of(const Outcomes& outcomes, stats::Arm arm);

/// While it lives the outcomes are those of one arm, without a copy of their rows; then they are whole again.
class OneArm {
 public:
  OneArm(Outcomes& outcomes, stats::Arm arm);
  ~OneArm();
  OneArm(const OneArm&) = delete;
  OneArm& operator=(const OneArm&) = delete;

 private:
  Outcomes& outcomes_;
  stats::Arm arm_;
  Outcomes others_;  ///< the other arm's runs
};

/// The same without its rows: names and levels alone.
Outcomes without_rows(const Outcomes& outcomes);

/// The classes of a task, or of all tasks crossed (none named), the last task varying fastest.
std::vector<std::string> class_levels(const Outcomes& outcomes, std::optional<std::size_t> task);

/// A row's true class and what a run predicted of a task, or of all tasks crossed; as classes of
/// class_levels, the number of classes where nothing was predicted.
struct ClassCode {
  int truth, predicted;
};
std::vector<ClassCode> class_codes(const Outcomes& outcomes, std::optional<std::size_t> task, int run = 0);

/// A number for who is shown in a row, where persons are known; a row of an unknown person is a person of its own.
std::uint64_t person_of(const Outcomes& outcomes, std::size_t row);

/// The name of a group, and the level of each of the crossing's attributes.
const std::string& group_name(const Outcomes& outcomes, std::size_t crossing, std::int64_t group);
std::vector<std::string> levels_of(const Outcomes& outcomes, std::size_t crossing, std::int64_t group);

/// "a", or "a and b", of the groups that two halves of the rows chose.
std::string chosen_names(const Outcomes& outcomes, std::size_t crossing, std::pair<std::int64_t, std::int64_t> chosen);

/// Successes and failures of each run, by group of a crossing, on the rows that a paired metric is about
/// (stats/metric.h) of a task or of all tasks crossed; of the rows that belong to one half (0 or 1, by the id's
/// key, or the person where one is known), or of all (-1).
stats::PairedCells paired_cells_of(const Outcomes& outcomes, std::size_t crossing, std::optional<std::size_t> task,
                                   const stats::Metric& metric, int half = -1, const Context& context = {});

/// The same by group and true class: group x class, the class varying fastest.
stats::PairedCells paired_cells_by_class(const Outcomes& outcomes, std::size_t crossing,
                                         std::optional<std::size_t> task, const stats::Metric& metric,
                                         const Context& context = {});

/// What each person, or each row where nobody is known, adds to a metric of a task or of all tasks crossed: by group
/// of a crossing, of all rows as one group (none), and by true class. Weighted where the rows are. A row of an unknown
/// person is a person of its own.
stats::PairedUnits paired_units_of(const Outcomes& outcomes, std::optional<std::size_t> crossing,
                                   std::optional<std::size_t> task, const stats::Metric& metric, int half = -1,
                                   const Context& context = {});
stats::PairedUnits paired_units_by_class(const Outcomes& outcomes, std::optional<std::size_t> task,
                                         const stats::Metric& metric, const Context& context = {});

/// The rows with a weight above 0 that belong to a half, or of both (-1).
std::vector<std::size_t> weighty_rows(const Outcomes& outcomes, int half);

/// Right and wrong by group of the primary crossing, all tasks right.
stats::PairedCells cells_of(const Outcomes& outcomes, int half = -1, const Context& context = {});

/// Counts by group of a crossing, by truth and by what each run predicted of a task, or of all tasks at once
/// (none named): classes are then the products of the tasks' classes, the last varying fastest. Weighted where
/// the rows are. Throws InputError as stats::Cells does.
stats::Cells cells_of(const Outcomes& outcomes, std::size_t crossing, std::optional<std::size_t> task, int half = -1,
                      const Context& context = {});

/// Counts of truth x predicted of one task over a range of runs [first, last), summed.
std::vector<std::vector<std::int64_t>> confusion_of(const Outcomes& outcomes, std::size_t task, int first, int last,
                                                    const Context& context = {});

}  // namespace evenface::study
