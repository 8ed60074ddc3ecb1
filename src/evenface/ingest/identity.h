#pragma once
#include "evenface/ingest/draft.h"

namespace evenface::ingest {

/// Makes ids unique. Rows that repeat an id and say the same are rejected but for
/// the first; where they contradict each other all are, because nobody knows
/// which is right.
void reject_duplicate_ids(Draft& draft);

}  // namespace evenface::ingest
