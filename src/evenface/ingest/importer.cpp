#include "evenface/ingest/importer.h"

#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evenface/core/options.h"
#include "evenface/ingest/csv.h"
#include "evenface/ingest/fairface.h"
#include "evenface/ingest/ferplus.h"
#include "evenface/ingest/imagefolder.h"

namespace evenface::ingest {
namespace {

const auto& importers() {
  static const FairFace fairface;
  static const FerPlus ferplus;
  static const ImageFolder imagefolder;
  static const Csv csv;
  static const std::array<const Importer*, 4> all{&fairface, &ferplus, &imagefolder, &csv};
  return all;
}

}  // namespace

std::vector<std::string> layouts() {
  std::vector<std::string> names;
  for (const Importer* importer : importers()) names.emplace_back(importer->name());
  return names;
}

const Importer& importer_named(const std::string& layout) {
  for (const Importer* importer : importers())
    if (importer->name() == layout) return *importer;
  const auto near = nearest_name(layout, layouts());
  throw InputError({.file = {},
                    .at = "layout",
                    .found = fmt::format("\"{}\" is no layout that can be imported", layout),
                    .expected = fmt::format("one of {}", fmt::join(layouts(), ", ")),
                    .remedy = near ? fmt::format("did you mean `{}`?", *near)
                                   : "make a table with one row per picture and use csv"});
}

}  // namespace evenface::ingest
