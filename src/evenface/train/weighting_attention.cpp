#include "evenface/core/error.h"
#include "evenface/train/weighting.h"

namespace evenface::train {
namespace {

/// The published procedure: weights computed once, from a finished run.
class ValidationAttention : public Weighting {
 public:
  bool needs_feedback() const override { return true; }
  std::vector<double> cell_weights(std::size_t cells, std::span<const balance::ClassCounts> feedback) const override {
    ensure(feedback.size() == cells, "feedback must count each cell");
    return balance::validation_attention(feedback);
  }
};

}  // namespace

std::unique_ptr<Weighting> make_validation_attention() { return std::make_unique<ValidationAttention>(); }

}  // namespace evenface::train
