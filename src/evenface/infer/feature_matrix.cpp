#include "evenface/infer/feature_matrix.h"

#include <cerrno>
#include <unordered_map>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/infer/feature_files.h"
#include "evenface/table/table.h"

namespace evenface::infer {
namespace fs = std::filesystem;

struct FeatureMatrix::State {
  fs::path folder;
  std::string key;
  std::int64_t rows = 0, width = 0;
  void* mapped = nullptr;
  std::size_t bytes = 0;

  ~State() {
    if (mapped != nullptr) munmap(mapped, bytes);
  }
};

namespace {

[[noreturn]] void refuse(const fs::path& file, std::string found, std::string expected) {
  throw InputError({.file = file.string(),
                    .at = {},
                    .found = std::move(found),
                    .expected = std::move(expected),
                    .remedy = "remove the folder; the features are then computed again"});
}

void* map_file(const fs::path& file, std::size_t expected_bytes) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw_file_error(file, "read", errno);
  struct stat status{};
  const bool fits = fstat(descriptor, &status) == 0 && static_cast<std::size_t>(status.st_size) == expected_bytes;
  void* mapped = fits ? mmap(nullptr, expected_bytes, PROT_READ, MAP_SHARED, descriptor, 0) : MAP_FAILED;
  const int error = errno;
  close(descriptor);
  if (!fits) refuse(file, fmt::format("{} bytes", status.st_size), fmt::format("{} bytes", expected_bytes));
  if (mapped == MAP_FAILED) throw_file_error(file, "map", error);
  return mapped;
}

}  // namespace

FeatureMatrix::FeatureMatrix(std::shared_ptr<const State> state) : state_(std::move(state)) {}

FeatureMatrix FeatureMatrix::open(const fs::path& folder) {
  const fs::path described = folder / kFeatureDescription;
  auto state = std::make_shared<State>();
  state->folder = folder;
  try {
    const nlohmann::json fields = nlohmann::json::parse(read_file(described));
    fields.at("key").get_to(state->key);
    fields.at("rows").get_to(state->rows);
    fields.at("width").get_to(state->width);
  } catch (const nlohmann::json::exception& error) {
    refuse(described, error.what(), "a description with key, rows and width");
  }
  if (state->rows <= 0 || state->width <= 0) refuse(described, "no rows or no width", "positive numbers");
  if (__builtin_mul_overflow(static_cast<std::size_t>(state->rows),
                             static_cast<std::size_t>(state->width) * sizeof(float), &state->bytes))
    refuse(described, "more values than there can be", "the rows and the width of features.f32");
  state->mapped = map_file(folder / kFeatureValues, state->bytes);
  return FeatureMatrix(std::move(state));
}

std::int64_t FeatureMatrix::rows() const { return state_->rows; }
std::int64_t FeatureMatrix::width() const { return state_->width; }
const std::string& FeatureMatrix::key() const { return state_->key; }

std::span<const float> FeatureMatrix::values() const {
  return {static_cast<const float*>(state_->mapped), state_->bytes / sizeof(float)};
}

std::span<const float> FeatureMatrix::row(std::int64_t index) const {
  ensure(0 <= index && index < state_->rows, "the row exists");
  return values().subspan(static_cast<std::size_t>(index * state_->width), static_cast<std::size_t>(state_->width));
}

std::vector<std::int64_t> FeatureMatrix::rows_of(std::span<const std::string> ids) const {
  const fs::path file = state_->folder / kFeatureIds;
  const table::Table stored = table::TableReader::open(file).read({{"id", table::ColumnRequest::As::kText}});
  const table::Texts& known = stored.texts("id");
  if (stored.rows() != state_->rows)
    refuse(file, fmt::format("{} rows", stored.rows()), fmt::format("{} rows, as the features have", state_->rows));
  std::unordered_map<std::string_view, std::int64_t> row_of;
  for (std::size_t i = 0; i < known.size(); ++i) row_of.emplace(known[i], static_cast<std::int64_t>(i));
  std::vector<std::int64_t> rows;
  rows.reserve(ids.size());
  for (const std::string& id : ids) {
    const auto found = row_of.find(id);
    if (found == row_of.end())
      refuse(file, fmt::format("there are no features of \"{}\"", id), "features of every row that is asked for");
    rows.push_back(found->second);
  }
  return rows;
}

}  // namespace evenface::infer
