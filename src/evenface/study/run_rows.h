#pragma once
#include <string>
#include <vector>

#include "evenface/study/outcomes.h"

// One run's rows before they are joined. Private to `study`.
namespace evenface::study {

/// What one file of predictions holds. Truth and attributes are empty when a data set gives them.
struct RunRows {
  std::filesystem::path file;
  std::int64_t first_row = 1;  ///< what messages call the first row
  std::vector<std::string> ids;
  std::vector<table::Factor> truth, predicted, attributes;

  std::int64_t number_of(std::size_t row) const { return first_row + static_cast<std::int64_t>(row); }
};

/// What a run folder says of itself: the data set it was trained on (environment.json) and its tasks.
struct RunDescription {
  std::string data;
  std::vector<std::string> tasks;
};

/// `run` must have a folder.
RunDescription describe_run(const RunSource& run);

/// Reads one file. `truth_in_file` is false when a data set gives truth and attributes.
/// Throws InputError naming an id that occurs twice.
RunRows read_run(const RunSource& source, const OutcomeColumns& columns, bool truth_in_file);

/// Truth, attributes and split of a data set, for the ids that are asked for.
struct DataRows {
  std::vector<table::Factor> truth, attributes;
  table::Factor split;
};

/// Rows of the data set in the order of `ids`. Throws InputError that counts and
/// names ids which the data set lacks.
DataRows read_data(const std::string& folder, const std::vector<std::string>& tasks, const std::vector<std::string>& by,
                   const std::vector<std::string>& ids);

}  // namespace evenface::study
