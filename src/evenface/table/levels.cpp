#include "evenface/table/levels.h"

#include <algorithm>
#include <numeric>

namespace evenface::table {

Levels::Levels(std::vector<std::string> fixed, std::size_t most)
    : fixed_(!fixed.empty()), most_(most), levels_(std::move(fixed)) {
  number();
}

void Levels::number() {
  codes_.clear();
  for (std::size_t i = 0; i < levels_.size(); ++i) codes_.emplace(levels_[i], static_cast<std::int32_t>(i));
}

std::optional<std::int32_t> Levels::code_of(std::string_view text) {
  const std::lock_guard lock(guard_);
  if (const auto found = codes_.find(text); found != codes_.end()) return found->second;
  if (fixed_ || full()) return std::nullopt;
  const auto code = static_cast<std::int32_t>(levels_.size());
  levels_.emplace_back(text);
  codes_.emplace(levels_.back(), code);
  return code;
}

std::vector<std::int32_t> Levels::settle() {
  if (fixed_ || std::ranges::is_sorted(levels_)) return {};
  std::vector<std::int32_t> order(levels_.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {},
                    [&](std::int32_t code) -> const std::string& { return levels_[static_cast<std::size_t>(code)]; });
  std::vector<std::int32_t> now(levels_.size());
  std::vector<std::string> sorted;
  for (std::size_t i = 0; i < order.size(); ++i) {
    now[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
    sorted.push_back(std::move(levels_[static_cast<std::size_t>(order[i])]));
  }
  levels_ = std::move(sorted);
  number();
  return now;
}

void MetTexts::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  std::swap(old, slots_);
  for (Slot& slot : old) {
    if (slot.text.empty()) continue;
    std::size_t at = slot.key & (slots_.size() - 1);
    while (!slots_[at].text.empty()) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = std::move(slot);
  }
}

}  // namespace evenface::table
