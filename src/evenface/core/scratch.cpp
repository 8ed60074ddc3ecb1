#include "evenface/core/scratch.h"

#include <cstdlib>

#include "evenface/core/file.h"

namespace evenface {
namespace fs = std::filesystem;

Scratch::Scratch() {
  std::string pattern = (fs::temp_directory_path() / "evenface-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw_file_error(pattern, "create the folder", errno);
  path_ = pattern;
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace evenface
