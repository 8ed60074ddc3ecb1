#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace evenface {

/// XXH3-128 of the bytes as 32 hexadecimal digits: the content hash of images and stage inputs.
std::string content_hash(std::string_view bytes);

/// SHA-256 of a file as 64 hexadecimal digits: for artefacts that people check by hand.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace evenface
