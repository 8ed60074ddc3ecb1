#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace evenface::infer {

/// Features of a data set's pictures, rows x width floats, mapped from a file: only
/// what is read takes memory. Copies share the mapping.
class FeatureMatrix {
 public:
  /// Opens a folder that features_of() made. Throws InputError when it is
  /// incomplete or its files contradict each other.
  static FeatureMatrix open(const std::filesystem::path& folder);

  std::int64_t rows() const;
  std::int64_t width() const;
  /// Row after row, all of them.
  std::span<const float> values() const;
  std::span<const float> row(std::int64_t index) const;
  /// The row of each id, in the order of `ids`. Throws InputError naming an id that has no features.
  std::vector<std::int64_t> rows_of(std::span<const std::string> ids) const;
  /// Hash of all that determines the values: pictures, backbone, weights, size, precision, code.
  const std::string& key() const;

 private:
  struct State;
  explicit FeatureMatrix(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

}  // namespace evenface::infer
