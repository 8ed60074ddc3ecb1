#pragma once
#include <filesystem>
#include <vector>

#include "evenface/ingest/draft.h"
#include "evenface/ingest/kin.h"
#include "evenface/ingest/picture_check.h"

namespace evenface::ingest {

/// Writes the rows as a manifest, whole or not at all.
void write_manifest(const std::filesystem::path& file, const Draft& draft, const std::vector<PictureFact>& facts,
                    const Kinship& kinship);

/// Writes the rejected rows with reason and remedy, in the order of their tables and rows.
void write_rejected(const std::filesystem::path& file, const Draft& draft);

}  // namespace evenface::ingest
