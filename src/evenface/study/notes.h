#pragma once
#include <string>
#include <vector>

#include "evenface/study/compare.h"

namespace evenface::study {

/// What is to be said beside all figures, a sentence each: of rows and files, and of means over classes that leave some
/// out.
std::vector<std::string> notes_of(const Evaluation& evaluation);
std::vector<std::string> notes_of(const Comparison& comparison);

}  // namespace evenface::study
