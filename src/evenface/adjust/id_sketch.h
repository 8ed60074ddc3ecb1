#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace evenface::adjust {

/// The smallest hashes of a set of ids (bottom-k sketch, Cohen & Kaplan 2007): small enough to be kept in a rule,
/// and enough to notice that other rows are the same ones again.
std::vector<std::uint64_t> id_sketch(std::span<const std::string> ids, std::size_t size = 256);

/// How many hashes of the sketch belong to these ids. Of n sketched ids that come again with a share f of them, about
/// f min(n, size) are found.
std::int64_t found_again(std::span<const std::uint64_t> sketch, std::span<const std::string> ids);

}  // namespace evenface::adjust
