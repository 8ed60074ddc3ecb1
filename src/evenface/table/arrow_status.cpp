#include "evenface/table/arrow_status.h"

#include <arrow/util/io_util.h>
#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"

namespace evenface::table {

void check(const arrow::Status& status, const std::filesystem::path& path, const char* action) {
  if (status.ok()) return;
  if (const int error = arrow::internal::ErrnoFromStatus(status)) throw_file_error(path, action, error);
  throw InputError({.file = path.string(),
                    .at = {},
                    .found = fmt::format("can't {}: {}", action, status.message()),
                    .expected = {},
                    .remedy = "check that the file is whole and of the kind its name says"});
}

}  // namespace evenface::table
