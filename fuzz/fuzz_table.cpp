// A CSV or Parquet file of any content is read or refused by InputError. The
// first byte chooses the ending.
#include <filesystem>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/scratch.h"
#include "evenface/table/manifest.h"
#include "evenface/table/table.h"

namespace {

void read_all(const std::filesystem::path& file) {
  using namespace evenface::table;
  const TableReader reader = TableReader::open(file);
  std::vector<ColumnRequest> requests;
  for (const std::string& name : reader.names()) requests.push_back({name, ColumnRequest::As::kText});
  const Table rows = reader.read(requests, [](const BadRow&) {});
  for (const std::string& name : reader.names())
    evenface::ensure(rows.texts(name).size() == static_cast<std::size_t>(rows.rows()), "columns are of one length");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace evenface;
  if (size == 0) return 0;
  static const Scratch folder;
  const auto file = folder / (data[0] % 2 ? "t.csv" : "t.parquet");
  write_file(file, std::string_view(reinterpret_cast<const char*>(data + 1), size - 1));
  try {
    read_all(file);
  } catch (const InputError&) {
  }
  try {
    table::Manifest::open(file);
  } catch (const InputError&) {
  }
  return 0;
}
