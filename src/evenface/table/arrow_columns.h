#pragma once
#include <memory>

#include <arrow/api.h>

#include "evenface/table/table.h"

// Columns of this module as Arrow's arrays. Private to `table`.
namespace evenface::table {

std::shared_ptr<arrow::Array> array_from(const Column& column);

}  // namespace evenface::table
