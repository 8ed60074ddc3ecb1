#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "evenface/core/console.h"

namespace evenface {

/// Shows on stderr how far a task is: a bar with rate and time left on a
/// terminal, a line now and then elsewhere, nothing when quiet.
class Progress {
 public:
  Progress(const Console& console, std::string task, std::int64_t total, std::string unit = "images");
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `n` more units are done. Safe to call from several threads.
  void advance(std::int64_t n = 1);

 private:
  void show(bool last);

  using Clock = std::chrono::steady_clock;
  const Console console_;
  const std::string task_, unit_;
  const std::int64_t total_;
  const Clock::time_point start_ = Clock::now();
  std::atomic<std::int64_t> done_{0};
  std::mutex drawing_;
  Clock::time_point next_ = start_;
};

/// The text of one progress line, at most `width` columns when it holds a bar.
std::string progress_line(const std::string& task, std::int64_t done, std::int64_t total, const std::string& unit,
                          double elapsed_s, bool bar, int width);

}  // namespace evenface
