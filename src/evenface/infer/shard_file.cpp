#include "evenface/infer/shard_file.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"

namespace evenface::infer {
namespace fs = std::filesystem;
namespace {

fs::path with_ending(const fs::path& path, const char* ending) { return path.string() + ending; }

int open_to_change(const fs::path& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) throw_file_error(path, "write", errno);
  return descriptor;
}

std::int64_t size_of(int descriptor) {
  struct stat status{};
  return fstat(descriptor, &status) == 0 ? status.st_size : -1;
}

void write_at(int descriptor, const fs::path& path, const void* bytes, std::size_t count, std::int64_t offset) {
  const char* next = static_cast<const char*>(bytes);
  while (count > 0) {
    const ssize_t put = pwrite(descriptor, next, count, offset);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw_file_error(path, "write", errno);
    next += put, offset += put, count -= static_cast<std::size_t>(put);
  }
}

}  // namespace

ShardFile::ShardFile(fs::path path, std::int64_t rows, std::int64_t width, std::int64_t rows_per_shard)
    : path_(std::move(path)), rows_(rows), width_(width), rows_per_shard_(rows_per_shard) {
  const std::int64_t shards = (rows + rows_per_shard - 1) / rows_per_shard;
  const std::int64_t bytes = rows * width * static_cast<std::int64_t>(sizeof(float));
  done_.assign(static_cast<std::size_t>(shards), 0);
  data_ = open_to_change(with_ending(path_, ".partial"));
  marks_ = open_to_change(with_ending(path_, ".done"));
  const bool continued = size_of(data_) == bytes && size_of(marks_) == shards &&
                         pread(marks_, done_.data(), done_.size(), 0) == static_cast<ssize_t>(shards);
  if (continued) return;
  done_.assign(static_cast<std::size_t>(shards), 0);
  // Marks first: between the two, no mark may speak of data that are gone.
  if (ftruncate(marks_, 0) != 0 || ftruncate(marks_, shards) != 0 || ftruncate(data_, 0) != 0 ||
      ftruncate(data_, bytes) != 0)
    throw_file_error(path_, "write", errno);
}

ShardFile::~ShardFile() {
  if (data_ >= 0) close(data_);
  if (marks_ >= 0) close(marks_);
}

void ShardFile::put(std::int64_t shard, std::span<const float> values) {
  ensure(values.size() == static_cast<std::size_t>((end(shard) - begin(shard)) * width_), "a shard comes whole");
  const auto row_bytes = width_ * static_cast<std::int64_t>(sizeof(float));
  write_at(data_, path_, values.data(), values.size_bytes(), begin(shard) * row_bytes);
  if (fdatasync(data_) != 0) throw_file_error(path_, "write", errno);
  const char mark = 1;
  write_at(marks_, path_, &mark, 1, shard);
  done_[static_cast<std::size_t>(shard)] = 1;
}

void ShardFile::commit() {
  ensure(std::ranges::all_of(done_, [](char mark) { return mark != 0; }), "every shard is written");
  if (fsync(data_) != 0) throw_file_error(path_, "write", errno);
  fs::rename(with_ending(path_, ".partial"), path_);
  fs::remove(with_ending(path_, ".done"));
}

}  // namespace evenface::infer
