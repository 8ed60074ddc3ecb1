#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "evenface/core/random.h"

// Texts as codes of a factor's levels, while its parts are read. Private to `table`.
namespace evenface::table {

/// The levels of one column, numbered as they are met; may be used by several threads at once.
class Levels {
 public:
  /// `fixed` are the allowed levels in order; none: the texts as found, at most `most` (0: any number).
  Levels(std::vector<std::string> fixed, std::size_t most);

  /// The code of a text. Nothing when it is not allowed or one too many.
  std::optional<std::int32_t> code_of(std::string_view text);

  bool fixed() const { return fixed_; }
  bool full() const { return most_ > 0 && levels_.size() >= most_; }
  const std::vector<std::string>& names() const { return levels_; }

  /// Sorts levels as found. Returns for each code met so far the code it has now; empty when none changed.
  std::vector<std::int32_t> settle();

 private:
  void number();

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  bool fixed_;
  std::size_t most_;
  std::mutex guard_;
  std::vector<std::string> levels_;
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> codes_;
};

/// The codes of texts that one thread has met before, without asking Levels again.
class MetTexts {
 public:
  MetTexts() : slots_(64) {}
  /// The code of a text that isn't empty, from `ask()` the first time.
  template <class Ask>
  std::int32_t code_of(std::string_view text, Ask ask) {
    const std::uint64_t key = key_of(text);
    for (std::size_t at = key & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      Slot& slot = slots_[at];
      if (slot.key == key && slot.text == text) return slot.code;
      if (!slot.text.empty()) continue;
      slot = {key, std::string(text), ask()};
      const std::int32_t code = slot.code;
      if (++used_ * 2 > slots_.size()) grow();
      return code;
    }
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::string text;
    std::int32_t code = 0;
  };
  void grow();
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace evenface::table
