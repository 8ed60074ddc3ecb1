#include "evenface/study/finding.h"

namespace evenface::study {

Findings find_injected_bias(const Comparison&) { return {}; }

}  // namespace evenface::study
