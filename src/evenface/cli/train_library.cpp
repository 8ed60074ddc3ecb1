#include "evenface/cli/train_library.h"

#include <dlfcn.h>

#include "evenface/core/error.h"
#include "evenface/train/library.h"

namespace evenface::cli {

train::TrainSummary train_by_library(const train::TrainOptions& options, const Context& context) {
  void* const library = dlopen(train::kLibrary, RTLD_NOW);
  const void* const entry = library ? dlsym(library, train::kTrainInLibrary) : nullptr;
  if (!entry)
    throw InputError({.file = train::kLibrary,
                      .at = {},
                      .found = dlerror(),
                      .expected = "the library in ../lib, seen from the program's folder",
                      .remedy = "build again (make build), and move the program with its folder"});
  return (*static_cast<const train::Train*>(entry))(options, context);
}

}  // namespace evenface::cli
