#pragma once
#include "evenface/ingest/importer.h"

namespace evenface::ingest {

/// Pictures in class folders, `<split>/<class>/*.jpg` or `<class>/*.jpg`, whose
/// class becomes label.<task>; or pictures beside a metadata.csv, .jsonl or
/// .parquet with a column `file_name`, in the source or in each of its split
/// folders (the Hugging Face convention).
class ImageFolder : public Importer {
 public:
  const char* name() const override { return "imagefolder"; }
  Draft read(const IngestOptions& options) const override;
};

}  // namespace evenface::ingest
