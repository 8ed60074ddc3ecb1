#pragma once
#include <string>
#include <vector>

#include "evenface/study/ids.h"
#include "evenface/study/outcomes.h"

// One run's rows before they are joined. Private to `study`.
namespace evenface::study {

/// What one file of predictions holds. Truth and attributes are empty when a data set
/// gives them; weights, person, votes and scores where there are none.
struct RunRows {
  IdColumn id_column;
  table::Keys ids;
  std::vector<table::Factor> truth, predicted, attributes;         ///< an attribute's missing rows have a level
  std::vector<std::vector<double>> true_values, predicted_values;  ///< instead of factors, if numeric
  std::vector<Scores> scores;                                      ///< [task]
  std::vector<std::vector<std::string>> score_classes;             ///< [task] of the columns; empty: one column
  std::vector<double> weights;
  table::Factor person;
  Votes votes;  ///< classes as columns name them, or the predicted ones if in vectors

  const std::filesystem::path& file() const { return id_column.file; }
  std::int64_t rows() const { return static_cast<std::int64_t>(ids.keys.size()); }
};

/// What a run folder says of itself: the data set it was trained on (environment.json), its tasks, and whether
/// each has scores.
struct RunDescription {
  std::string data;
  std::vector<std::string> tasks;
  bool scores = false;
};

/// `run` must have a folder.
RunDescription describe_run(const RunSource& run);

/// The factor with the texts that mean so as missing, and names of its levels that a terminal can show
/// (core/printable.h).
table::Factor as_labels(table::Factor factor, const std::vector<std::string>& missing);

/// The factor with a level of their own for the rows without a value.
table::Factor with_missing_level(table::Factor factor);

/// The distinct attributes of all crossings, in order.
std::vector<std::string> attributes_of(const OutcomeColumns& columns);

/// Reads one file. `truth_in_file` is false when a data set gives truth and attributes. The rows come in the order of
/// their ids, but where the file is judged `alone`, with nothing to be joined, and is only counted, as they stand.
/// Throws InputError naming an id that occurs twice, a weight, a score or a vote that is none.
RunRows read_run(const RunSource& source, const OutcomeColumns& columns, bool truth_in_file, bool alone, int threads);

/// The rows at these positions.
RunRows taken(const RunRows& rows, std::span<const std::uint32_t> positions, int threads);

/// Which columns of a data set are wanted; weight, person and votes may be empty.
struct DataColumns {
  std::vector<std::string> tasks, attributes;
  std::string weight = {}, person = {};
  std::vector<std::string> votes = {};
  bool numeric = false;
  std::vector<std::string> missing = table::missing_texts();
};

/// Columns of a data set, for the ids that are asked for.
struct DataRows {
  std::vector<table::Factor> truth, attributes;
  std::vector<std::vector<double>> true_values;
  std::vector<double> weights;
  table::Factor split, person;
  Votes votes;
  std::vector<table::Factor>
      unpredicted;  ///< attributes of the rows of the same splits that are not asked for, if their truth is known
};

/// Rows of the data set in the order of `ids`, which come from `sources`. Throws InputError that counts the ids
/// which the data set lacks, and names one.
DataRows read_data(const std::string& folder, const DataColumns& columns, const table::Keys& ids,
                   std::span<const IdColumn> sources, int threads);

}  // namespace evenface::study
