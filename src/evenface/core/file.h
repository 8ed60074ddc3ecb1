#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace evenface {

/// The whole file. Throws InputError naming it when it is missing or unreadable.
std::string read_file(const std::filesystem::path& path);

/// When bytes that were written reach the device. Later: when the system pleases, or at flush_file_system(); for many
/// small files that mean nothing until one more file is there.
enum class Flush { kNow, kLater };

/// A file that appears whole or not at all: writes go to `<path>.partial` in the
/// same folder (so a killed run leaves nothing that looks finished, and the next
/// run overwrites it); commit() flushes it to the device and renames it. Dropped
/// without commit(), it is removed. Throws InputError when the device is full or
/// the folder can't be written.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Where to write, for libraries that open the file themselves.
  const std::filesystem::path& partial() const { return partial_; }
  void write(std::string_view bytes);
  void commit(Flush flush = Flush::kNow);

 private:
  std::filesystem::path path_, partial_;
  int descriptor_ = -1;
  bool committed_ = false;
};

/// Creates missing folders, then writes the file whole or not at all.
void write_file(const std::filesystem::path& path, std::string_view bytes, Flush flush = Flush::kNow);

/// Returns once all that was written to the folder's file system is on the device.
void flush_file_system(const std::filesystem::path& folder);

/// Creates the folder and those above it. Throws InputError when that fails.
void make_folder(const std::filesystem::path& folder);

/// Throws InputError as make_folder would, or as writing into it would, but makes nothing: for what is written after a
/// long computation.
void require_can_make(const std::filesystem::path& folder);

/// The InputError for a failed file operation: `error` is an errno value.
[[noreturn]] void throw_file_error(const std::filesystem::path& path, const char* action, int error);

}  // namespace evenface
