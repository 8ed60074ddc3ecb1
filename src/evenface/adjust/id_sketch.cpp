#include "evenface/adjust/id_sketch.h"

#include <algorithm>
#include <unordered_set>

#include "evenface/core/random.h"

namespace evenface::adjust {

std::vector<std::uint64_t> id_sketch(std::span<const std::string> ids, std::size_t size) {
  std::vector<std::uint64_t> hashes;
  for (const std::string& id : ids) hashes.push_back(key_of(id));
  std::ranges::sort(hashes);
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  if (hashes.size() > size) hashes.resize(size);
  return hashes;
}

std::int64_t found_again(std::span<const std::uint64_t> sketch, std::span<const std::string> ids) {
  const std::unordered_set<std::uint64_t> known(sketch.begin(), sketch.end());
  std::unordered_set<std::uint64_t> seen;
  for (const std::string& id : ids)
    if (const std::uint64_t hash = key_of(id); known.contains(hash)) seen.insert(hash);
  return static_cast<std::int64_t>(seen.size());
}

}  // namespace evenface::adjust
