#include "evenface/core/file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evenface/core/error.h"

namespace evenface {
namespace fs = std::filesystem;

void throw_file_error(const fs::path& path, const char* action, int error) {
  std::string remedy = "check the path and its permissions";
  if (error == ENOSPC || error == EDQUOT) remedy = "free some space on the device, or choose another output folder";
  if (error == ENOENT) remedy = "check the path; relative paths start at the current folder";
  throw InputError({.file = path.string(),
                    .at = {},
                    .found = fmt::format("can't {}: {}", action, std::strerror(error)),
                    .expected = {},
                    .remedy = remedy});
}

std::string read_file(const fs::path& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw_file_error(path, "read", errno);
  std::string bytes;
  struct stat status{};
  if (fstat(fd, &status) == 0 && status.st_size > 0) bytes.resize(static_cast<std::size_t>(status.st_size));
  std::size_t size = 0;
  for (;;) {
    if (size == bytes.size()) bytes.resize(size + 4096);
    const ssize_t got = read(fd, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const int error = errno;
      close(fd);
      throw_file_error(path, "read", error);
    }
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  close(fd);
  bytes.resize(size);
  return bytes;
}

AtomicFile::AtomicFile(fs::path path) : path_(std::move(path)), partial_(path_.string() + ".partial") {
  descriptor_ = open(partial_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor_ < 0) throw_file_error(path_, "write", errno);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!committed_) unlink(partial_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw_file_error(path_, "write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

void AtomicFile::commit(Flush flush) {
  if (flush == Flush::kNow && fsync(descriptor_) != 0) throw_file_error(path_, "write", errno);
  if (rename(partial_.c_str(), path_.c_str()) != 0) throw_file_error(path_, "write", errno);
  committed_ = true;
}

void write_file(const fs::path& path, std::string_view bytes, Flush flush) {
  if (path.has_parent_path()) make_folder(path.parent_path());
  AtomicFile file(path);
  file.write(bytes);
  file.commit(flush);
}

void flush_file_system(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw_file_error(folder, "open", errno);
  const int error = syncfs(descriptor) == 0 ? 0 : errno;
  close(descriptor);
  if (error != 0) throw_file_error(folder, "write", error);
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw_file_error(folder, "create the folder", error.value());
}

void require_can_make(const fs::path& folder) {
  fs::path known = fs::absolute(folder);
  std::error_code error;
  while (!fs::exists(known, error) && known.has_relative_path()) known = known.parent_path();
  if (!fs::is_directory(known, error)) throw_file_error(folder, "create the folder", ENOTDIR);
  if (access(known.c_str(), W_OK | X_OK) != 0) throw_file_error(folder, "write into the folder", errno);
}

}  // namespace evenface
