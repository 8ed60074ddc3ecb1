#pragma once
#include <cstdint>
#include <string>

#include <fmt/format.h>

// How notes speak of rows. Private to `study`.
namespace evenface::study {

/// "1 row", "2 rows", with the verb after what stands between.
inline std::string rows_that(std::int64_t n, const std::string& between, const char* verb_of_one,
                             const char* verb_of_many) {
  return fmt::format("{} row{}{} {}", n, n == 1 ? "" : "s", between, n == 1 ? verb_of_one : verb_of_many);
}

}  // namespace evenface::study
