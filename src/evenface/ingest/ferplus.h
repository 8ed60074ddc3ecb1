#pragma once
#include "evenface/ingest/importer.h"

namespace evenface::ingest {

/// FER+ (Barsoum et al. 2016): ten annotators' votes on each picture of FER2013, in either of its forms:
///   FER2013Train, FER2013Valid and FER2013Test, each a folder of PNG files with a label.csv without a header;
///   fer2013new.csv with those folders, joined by name, or with fer2013.csv, which holds the pictures as numbers
///   and is joined row by row; then the pictures are written to `<output>/pictures`.
/// The published files don't agree: for some pictures (fer0032235.png is one) the votes of label.csv are not those of
/// fer2013new.csv. Where both are, label.csv is read, as the published reader does, and a note says so.
/// label.emotion is what the votes make by the option label_rule, votes.emotion the votes for its eight classes as
/// given. Rows whose votes make no label, and those of no picture, are left out as published, listed but not
/// counted as bad.
class FerPlus : public Importer {
 public:
  const char* name() const override { return "ferplus"; }
  Draft read(const IngestOptions& options) const override;
};

}  // namespace evenface::ingest
