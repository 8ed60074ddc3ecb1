#pragma once
#include <string>

#include "evenface/core/file.h"
#include "evenface/core/scratch.h"
#include "evenface/study/outcomes.h"

// What tests of this module share.
namespace evenface::study {

/// Files of a test's own, and what becomes of them.
struct TestFiles {
  Scratch folder = {};

  RunSource csv(const std::string& name, const std::string& text) const {
    write_file(folder / name, text);
    return {folder / name, std::nullopt};
  }
  Outcomes load(const std::string& text, const OutcomeColumns& columns) const {
    return load_outcomes({csv("t.csv", text)}, {}, columns);
  }
};

}  // namespace evenface::study
