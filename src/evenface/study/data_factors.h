#pragma once
#include <vector>

#include "evenface/study/outcomes.h"

namespace evenface::study {

/// The attributes that group and the labels that are predicted, unless they are numbers: of the whole data set where it
/// is known, else of the judged rows.
struct DataFactors {
  std::vector<table::Factor> columns;  ///< each once
  std::vector<table::Factor> crossed;  ///< of them those of the primary crossing, in its order
  table::Factor split;                 ///< one level, `all`, where no split is known
};

DataFactors data_factors_of(const Outcomes& outcomes);

}  // namespace evenface::study
