#pragma once
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace evenface::infer {

/// A file of rows x width floats that is filled in shards, in any order and by
/// several threads, and goes on after a kill: data stand in `<path>.partial`, and
/// `<path>.done` holds one byte per shard, set after the shard's data reached the
/// device. commit() gives the file its name.
class ShardFile {
 public:
  /// Opens what an earlier run left, or starts anew when there is nothing or it is of another size.
  /// Throws InputError when the folder can't be written.
  ShardFile(std::filesystem::path path, std::int64_t rows, std::int64_t width, std::int64_t rows_per_shard);
  ~ShardFile();
  ShardFile(const ShardFile&) = delete;
  ShardFile& operator=(const ShardFile&) = delete;

  std::int64_t shards() const { return static_cast<std::int64_t>(done_.size()); }
  bool has(std::int64_t shard) const { return done_[static_cast<std::size_t>(shard)] != 0; }
  /// First row of the shard, and the row after its last.
  std::int64_t begin(std::int64_t shard) const { return shard * rows_per_shard_; }
  std::int64_t end(std::int64_t shard) const { return std::min(rows_, (shard + 1) * rows_per_shard_); }
  /// Writes a shard's rows. Each shard is written by one thread.
  void put(std::int64_t shard, std::span<const float> values);
  /// Throws InternalError unless every shard is there.
  void commit();

 private:
  std::filesystem::path path_;
  std::int64_t rows_, width_, rows_per_shard_;
  std::vector<char> done_;
  int data_ = -1, marks_ = -1;
};

}  // namespace evenface::infer
