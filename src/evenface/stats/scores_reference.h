#pragma once
#include <fstream>

#include <nlohmann/json.hpp>

/// For tests: tests/reference/scores.json, numbers of scikit-learn and SciPy (make_scores_reference.py).
namespace evenface::stats::reference {

inline const nlohmann::json& scores() {
  static const auto all = nlohmann::json::parse(std::ifstream(EVENFACE_SOURCE "/tests/reference/scores.json"));
  return all;
}

}  // namespace evenface::stats::reference
