// The safetensors format: 8 bytes of little-endian header length, a JSON header
// {name: {dtype, shape, data_offsets}}, then the arrays without gaps.
#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/net/weights.h"

namespace evenface::net {
namespace {

using nlohmann::json;
static_assert(std::endian::native == std::endian::little, "arrays are copied as they stand in the file");

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kLargestHeader = 100'000'000;  // the limit of the reference implementation
constexpr const char* kMetadataKey = "__metadata__";

[[noreturn]] void refuse(const std::string& file, const std::string& at, std::string found, std::string expected) {
  throw InputError({.file = file,
                    .at = at,
                    .found = std::move(found),
                    .expected = std::move(expected),
                    .remedy = "copy the file again, or make it again from the original weights"});
}

std::size_t bytes_of_type(const std::string& type) {
  if (type == "I64") return 8;
  if (type == "F32") return 4;
  if (type == "F16" || type == "BF16") return 2;
  return 0;
}

/// One entry of the header.
struct Entry {
  std::string name, type;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0, end = 0;
};

/// Its bytes, or nothing when the product does not fit 64 bits.
std::optional<std::uint64_t> byte_count(const Entry& entry) {
  std::uint64_t count = bytes_of_type(entry.type);
  for (const std::int64_t extent : entry.shape)
    if (__builtin_mul_overflow(count, static_cast<std::uint64_t>(extent), &count)) return std::nullopt;
  return count;
}

Entry entry_of(const std::string& file, const std::string& name, const json& described) {
  const auto whole = [](const json& list) {
    return list.is_array() && std::ranges::all_of(list, [](const json& x) {
             return x.is_number_unsigned() &&
                    x.get<std::uint64_t>() <= std::uint64_t{std::numeric_limits<std::int64_t>::max()};
           });
  };
  const bool complete = described.is_object() && described.contains("dtype") && described["dtype"].is_string() &&
                        described.contains("shape") && whole(described["shape"]) &&
                        described.contains("data_offsets") && whole(described["data_offsets"]) &&
                        described["data_offsets"].size() == 2;
  if (!complete)
    refuse(file, name, "its description is incomplete", "dtype, shape and two data_offsets, none of them negative");
  Entry entry{.name = name,
              .type = described["dtype"],
              .shape = described["shape"],
              .begin = described["data_offsets"][0],
              .end = described["data_offsets"][1]};
  if (bytes_of_type(entry.type) == 0)
    throw InputError({.file = file,
                      .at = name,
                      .found = fmt::format("type {}", entry.type),
                      .expected = "F32, F16, BF16 or I64",
                      .remedy = "convert the weights to float32 first"});
  if (entry.begin > entry.end || byte_count(entry) != entry.end - entry.begin)
    refuse(file, name, fmt::format("data_offsets {} to {} do not fit the shape", entry.begin, entry.end),
           "as many bytes as the shape and the type take");
  return entry;
}

void check_layout(const std::string& file, std::vector<Entry>& entries, std::uint64_t data_bytes) {
  std::ranges::sort(entries, {}, [](const Entry& e) { return std::pair(e.begin, e.end); });
  std::uint64_t next = 0;
  for (const Entry& entry : entries) {
    if (entry.end > data_bytes)
      refuse(file, entry.name, fmt::format("it ends at byte {} of {}", entry.end, data_bytes),
             "a file that holds all its data (was it cut short?)");
    if (entry.begin != next)
      refuse(file, entry.name, fmt::format("it begins at byte {}, the one before ends at {}", entry.begin, next),
             "arrays that follow each other without gaps or overlaps");
    next = entry.end;
  }
  if (next != data_bytes)
    refuse(file, {}, fmt::format("{} bytes follow the last array", data_bytes - next), "nothing after the last array");
}

json header_of(std::string_view bytes, const std::string& file) {
  std::uint64_t length = 0;
  if (bytes.size() >= kLengthBytes) std::memcpy(&length, bytes.data(), kLengthBytes);
  if (bytes.size() < kLengthBytes || length > kLargestHeader || length > bytes.size() - kLengthBytes)
    refuse(file, {}, fmt::format("{} bytes that announce a header of {}", bytes.size(), length),
           "a safetensors file (for a .pth file, run: python -m evenface.weights convert)");
  const std::string_view text = bytes.substr(kLengthBytes, length);
  json header = json::parse(text.begin(), text.end(), nullptr, false);
  if (!header.is_object()) refuse(file, "header", "no JSON object", "a safetensors file");
  return header;
}

float widen(std::uint16_t bits, bool brain) {
  if (brain) return std::bit_cast<float>(std::uint32_t{bits} << 16);
  const std::uint32_t sign = std::uint32_t{bits & 0x8000U} << 16, exponent = (bits >> 10) & 31U,
                      mantissa = bits & 0x3ffU;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000U | (mantissa << 13));
  if (exponent > 0) return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
  const float small = static_cast<float>(mantissa) * 0x1p-24f;  // subnormal
  return sign != 0 ? -small : small;
}

template <class T>
std::vector<T> copied(std::string_view data) {
  std::vector<T> values(data.size() / sizeof(T));
  if (!data.empty()) std::memcpy(values.data(), data.data(), data.size());
  return values;
}

Tensor tensor_of(const Entry& entry, std::string_view data) {
  if (entry.type == "I64") return {entry.shape, copied<std::int64_t>(data)};
  if (entry.type == "F32") return {entry.shape, copied<float>(data)};
  const std::vector<std::uint16_t> halves = copied<std::uint16_t>(data);
  std::vector<float> values(halves.size());
  std::ranges::transform(halves, values.begin(), [&](std::uint16_t x) { return widen(x, entry.type == "BF16"); });
  return {entry.shape, std::move(values)};
}

std::string_view bytes_of(const Tensor& tensor) {
  return std::visit(
      [](const auto& values) {
        return std::string_view(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0]));
      },
      tensor.values);
}

std::map<std::string, std::string> metadata_of(const json& described, const std::string& file) {
  const bool texts =
      described.is_object() && std::ranges::all_of(described, [](const json& x) { return x.is_string(); });
  if (!texts) refuse(file, kMetadataKey, "not a list of texts", "texts under names");
  return described.get<std::map<std::string, std::string>>();
}

}  // namespace

Weights parse_safetensors(std::string_view bytes, const std::string& name) {
  const json header = header_of(bytes, name);
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  const std::string_view data = bytes.substr(kLengthBytes + length);

  Weights weights;
  std::vector<Entry> entries;
  for (const auto& [key, described] : header.items()) {
    if (key == kMetadataKey) weights.metadata = metadata_of(described, name);
    else entries.push_back(entry_of(name, key, described));
  }
  check_layout(name, entries, data.size());
  for (const Entry& entry : entries)
    weights.tensors[entry.name] = tensor_of(entry, data.substr(entry.begin, entry.end - entry.begin));
  return weights;
}

Weights read_safetensors(const std::filesystem::path& path) {
  return parse_safetensors(read_file(path), path.string());
}

void write_safetensors(const std::filesystem::path& path, const Weights& weights) {
  json header = json::object();
  if (!weights.metadata.empty()) header[kMetadataKey] = weights.metadata;
  // 8-byte values first, so that every array is aligned to its own size.
  std::vector<const std::pair<const std::string, Tensor>*> order;
  for (const auto& item : weights.tensors) order.push_back(&item);
  std::ranges::stable_sort(order, std::ranges::greater{}, [](const auto* item) { return item->second.values.index(); });

  std::uint64_t next = 0;
  for (const auto* item : order) {
    const std::uint64_t end = next + bytes_of(item->second).size();
    const bool integers = std::holds_alternative<std::vector<std::int64_t>>(item->second.values);
    const Entry entry{item->first, integers ? "I64" : "F32", item->second.shape, next, end};
    ensure(byte_count(entry) == end - next, "a tensor has as many values as its shape says");
    header[entry.name] = {{"dtype", entry.type}, {"shape", entry.shape}, {"data_offsets", {next, end}}};
    next = end;
  }

  std::string text = header.dump(-1, ' ', false, json::error_handler_t::replace);
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = text.size();
  if (path.has_parent_path()) make_folder(path.parent_path());
  AtomicFile file(path);
  file.write({reinterpret_cast<const char*>(&length), sizeof length});
  file.write(text);
  for (const auto* item : order) file.write(bytes_of(item->second));
  file.commit();
}

}  // namespace evenface::net
