#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "evenface/ingest/simulate.h"
#include "evenface/ingest/simulate_group.h"

namespace evenface::ingest {

/// One row before its picture is drawn.
struct PlannedFace {
  std::string id, image;                                  ///< "000001", "images/000001.jpg"
  std::int32_t split = 0;                                 ///< index into table::split_levels()
  FaceCell cell;                                          ///< the truth
  image::Expression label = image::Expression::kNeutral;  ///< as the manifest says; wrong where noise hit
  double other_style = 0, darker_stops = 0;
  std::int64_t source = -1;  ///< the row whose picture this one repeats, or -1
};

struct SimulationPlan {
  std::vector<PlannedFace> rows;
  std::vector<KnobEffect> knobs;  ///< those switched on, in the order in which they act
};

/// Decides everything but the pixels. Throws InputError as simulate does.
SimulationPlan plan_simulation(const SimulateOptions& options);

/// The parameters of a planned row's own face.
image::FaceParameters face_of(const SimulateOptions& options, const SimulationPlan& plan, std::int64_t row);

}  // namespace evenface::ingest
