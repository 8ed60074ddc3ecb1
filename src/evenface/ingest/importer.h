#pragma once
#include <string>
#include <vector>

#include "evenface/ingest/draft.h"
#include "evenface/ingest/options.h"

namespace evenface::ingest {

/// Knows one layout of files. To add one: derive from it in a file of its own
/// and name it in importer.cpp.
class Importer {
 public:
  virtual ~Importer() = default;
  /// As the user writes it: "fairface".
  virtual const char* name() const = 0;
  /// Reads names, labels and splits; opens no picture. A bad row goes to
  /// `rejected`, a source of another layout is an InputError.
  virtual Draft read(const IngestOptions& options) const = 0;
};

/// The importer of a layout. Throws InputError that lists the layouts there are.
const Importer& importer_named(const std::string& layout);

/// The names of all layouts.
std::vector<std::string> layouts();

}  // namespace evenface::ingest
