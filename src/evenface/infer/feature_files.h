#pragma once

namespace evenface::infer {

/// The files of one set of features. The description is written last: a folder
/// without it is unfinished.
inline constexpr const char* kFeatureValues = "features.f32";        ///< rows x width floats, little endian
inline constexpr const char* kFeatureIds = "ids.parquet";            ///< the id of each row
inline constexpr const char* kFeatureDescription = "features.json";  ///< key, rows, width, and what made them

}  // namespace evenface::infer
