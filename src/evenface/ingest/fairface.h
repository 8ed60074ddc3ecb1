#pragma once
#include "evenface/ingest/importer.h"

namespace evenface::ingest {

/// FairFace (Kärkkäinen & Joo 2021): fairface_label_train.csv and
/// fairface_label_val.csv beside the folders train/ and val/. Race, gender and age
/// are what a classifier predicts and what groups are formed by; they are stored
/// once, as label.race, label.gender and label.age, and found as groups by their
/// plain names. Ages that a spreadsheet turned into dates, paths with a folder in
/// front and other spellings are mapped back and counted as repairs.
class FairFace : public Importer {
 public:
  const char* name() const override { return "fairface"; }
  Draft read(const IngestOptions& options) const override;
};

}  // namespace evenface::ingest
