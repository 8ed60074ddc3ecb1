#include "evenface/core/progress.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

namespace evenface {
namespace {

std::string duration(double seconds) {
  const auto s = static_cast<std::int64_t>(seconds + 0.5);
  if (s >= 3600) return fmt::format("{}h {:02}m", s / 3600, s / 60 % 60);
  if (s >= 60) return fmt::format("{}m {:02}s", s / 60, s % 60);
  return fmt::format("{}s", s);
}

}  // namespace

std::string progress_line(const std::string& task, std::int64_t done, std::int64_t total, const std::string& unit,
                          double elapsed_s, bool bar, int width) {
  const double rate = elapsed_s > 0 ? static_cast<double>(done) / elapsed_s : 0;
  std::string tail = fmt::format(" {}/{} {}", done, total, unit);
  if (rate > 0) tail += rate < 10 ? fmt::format(", {:.1f}/s", rate) : fmt::format(", {:.0f}/s", rate);
  if (done >= total) tail += fmt::format(", took {}", duration(elapsed_s));
  else if (rate > 0) tail += fmt::format(", {} left", duration(static_cast<double>(total - done) / rate));
  const int room = std::min(30, width - static_cast<int>(task.size() + tail.size()) - 4);
  if (!bar || room < 5) return task + tail;
  const double share = total > 0 ? std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0) : 1;
  const int filled = static_cast<int>(share * room);
  std::string drawn;
  for (int i = 0; i < room; ++i) drawn += i < filled ? "█" : "░";
  return fmt::format("{} {}{}", task, drawn, tail);
}

Progress::Progress(const Console& console, std::string task, std::int64_t total, std::string unit)
    : console_(console), task_(std::move(task)), unit_(std::move(unit)), total_(total) {
  if (!console_.terminal) next_ += std::chrono::seconds(10);
}

Progress::~Progress() { show(true); }

void Progress::advance(std::int64_t n) {
  done_ += n;
  show(false);
}

void Progress::show(bool last) {
  if (console_.quiet) return;
  const std::unique_lock lock(drawing_, std::try_to_lock);
  const auto now = Clock::now();
  if (!lock.owns_lock() || (!last && now < next_)) return;
  next_ = now + (console_.terminal ? std::chrono::milliseconds(100) : std::chrono::seconds(10));
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const std::string line = progress_line(task_, done_, total_, unit_, elapsed, console_.terminal, console_.width);
  if (console_.terminal) fmt::print(stderr, "\r{}\x1b[K{}", line, last ? "\n" : "");
  else fmt::print(stderr, "{}\n", line);
  std::fflush(stderr);
}

}  // namespace evenface
