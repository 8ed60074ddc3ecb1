// A CSV or Parquet file of any content is read or refused by InputError. The first byte chooses the ending. Keys, which
// may be taken from a Parquet file without its texts, are those of the texts.
#include <filesystem>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/random.h"
#include "evenface/core/scratch.h"
#include "evenface/table/manifest.h"
#include "evenface/table/table.h"

namespace {

void read_all(const std::filesystem::path& file) {
  using namespace evenface::table;
  const TableReader reader = TableReader::open(file);
  const auto read = [&](ColumnRequest::As as) {
    std::vector<ColumnRequest> requests;
    for (const std::string& name : reader.names()) requests.push_back({name, as});
    return reader.read(requests, [](const BadRow&) {});
  };
  const Table keys = read(ColumnRequest::As::kKey), rows = read(ColumnRequest::As::kText);
  for (const std::string& name : reader.names()) {
    const Texts& texts = rows.texts(name);
    evenface::ensure(texts.size() == static_cast<std::size_t>(rows.rows()), "columns are of one length");
    for (std::size_t i = 0; i < texts.size(); ++i)
      evenface::ensure(keys.keys(name).keys[i] == evenface::key_of(texts[i]), "a key is that of its text");
  }
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
