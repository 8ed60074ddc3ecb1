#include "evenface/train/weighting.h"

namespace evenface::train {
namespace {

class Uniform : public Weighting {
 public:
  bool needs_feedback() const override { return false; }
  std::vector<double> cell_weights(std::size_t cells, std::span<const balance::ClassCounts>) const override {
    return std::vector<double>(cells, 1.0);
  }
};

}  // namespace

std::unique_ptr<Weighting> make_uniform() { return std::make_unique<Uniform>(); }

}  // namespace evenface::train
