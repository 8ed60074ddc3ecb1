#include "evenface/ingest/picture_check.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "evenface/core/file.h"
#include "evenface/core/hash.h"
#include "evenface/core/parallel.h"
#include "evenface/core/progress.h"
#include "evenface/image/decode.h"

namespace evenface::ingest {
namespace {
namespace fs = std::filesystem;

/// A reason to be counted, and the problem.
using Refusal = std::pair<std::string, Problem>;

constexpr std::int64_t kRowsAtATime = 16;

bool is_inside(const fs::path& path, const fs::path& folder) {
  const auto [end, rest] = std::ranges::mismatch(folder, path);
  return end == folder.end();
}

std::unexpected<Refusal> refuse(std::string reason, std::string found, std::string expected, std::string remedy) {
  return std::unexpected(
      Refusal(std::move(reason),
              Problem{.found = std::move(found), .expected = std::move(expected), .remedy = std::move(remedy)}));
}

/// The picture's real path. `root` is canonical.
std::expected<fs::path, Refusal> locate(const fs::path& root, const std::string& image) {
  const fs::path path = (root / image).lexically_normal();
  const auto outside = [](std::string found) {
    return refuse("outside the root", std::move(found), "a path within the root folder",
                  "move the picture into the root folder, or widen it with --root");
  };
  if (!is_inside(path, root)) return outside("the path leaves the root folder");
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory)
    return refuse("missing picture", "there is no such file", "a picture", "add the picture or remove the row");
  if (error)
    return refuse("unreadable picture", error.message(), "a readable file", "check the file's name and permissions");
  if (!is_inside(real, root)) return outside("a symbolic link leads out of the root folder");
  if (!fs::is_regular_file(real, error))
    return refuse("unreadable picture", "this is no regular file", "a picture", "name a file or remove the row");
  return real;
}

std::expected<PictureFact, Refusal> look_at(const fs::path& root, const std::string& image, bool decode) {
  const auto path = locate(root, image);
  if (!path) return std::unexpected(path.error());
  std::string bytes;
  try {
    bytes = read_file(*path);
  } catch (const InputError& e) {
    return std::unexpected(Refusal("unreadable picture", e.problem()));
  }
  const auto header = image::read_header(bytes);
  if (!header) return std::unexpected(Refusal("unreadable picture", header.error()));
  // The smallest size that the format can be decoded at: every byte is read all the same.
  if (decode)
    if (const auto picture = image::decode(bytes, 1); !picture)
      return std::unexpected(Refusal("unreadable picture", picture.error()));
  return PictureFact{(root / image).lexically_normal().lexically_relative(root).generic_string(), content_hash(bytes),
                     std::ssize(bytes), header->width, header->height};
}

fs::path canonical_root(const fs::path& root) {
  std::error_code error;
  fs::path real = fs::canonical(root, error);
  if (error) throw_file_error(root, "find the folder of the pictures", error.value());
  return real;
}

}  // namespace

std::vector<PictureFact> check_pictures(Draft& draft, bool decode, const Context& context) {
  draft.root = canonical_root(draft.root);
  std::vector<PictureFact> facts(draft.rows.size());
  std::vector<std::optional<Refusal>> refusals(draft.rows.size());
  Progress progress(context.console, decode ? "decoding pictures" : "reading pictures", draft.row_count());
  parallel_for(draft.row_count(), kRowsAtATime, context.threads, [&](std::int64_t begin, std::int64_t end) {
    for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row) {
      auto fact = look_at(draft.root, draft.rows[row].image, decode);
      if (fact) facts[row] = std::move(*fact);
      else refusals[row] = std::move(fact.error());
    }
    progress.advance(end - begin);
  });
  std::map<std::int64_t, Refusal> problems;
  std::vector<PictureFact> kept;
  for (std::size_t row = 0; row < facts.size(); ++row) {
    if (refusals[row]) problems.emplace(static_cast<std::int64_t>(row), std::move(*refusals[row]));
    else kept.push_back(std::move(facts[row]));
  }
  reject_rows(draft, std::move(problems));
  return kept;
}

}  // namespace evenface::ingest
