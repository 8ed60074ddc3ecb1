#include "evenface/ingest/vote_label.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "evenface/core/error.h"

namespace evenface::ingest {
namespace {

using Votes = std::vector<int>;

int sum_of(const Votes& votes) { return std::accumulate(votes.begin(), votes.end(), 0); }

/// The votes that answers with more than half of all hold; nothing where they hold less.
Votes majority(const Votes& votes, std::size_t) {
  Votes kept(votes.size(), 0);
  const auto peak = std::ranges::max_element(votes);
  if (2 * *peak > sum_of(votes)) kept[static_cast<std::size_t>(peak - votes.begin())] = *peak;
  return kept;
}

/// The most frequent answers until they hold 75 %. One that is no class ends the search, and counts only when it
/// comes first.
Votes peaks(const Votes& votes, std::size_t classes) {
  constexpr int kMostPeaks = 3;
  const int all = sum_of(votes);
  Votes left = votes, kept(votes.size(), 0);
  int peaks = 0;
  for (bool ended = false; 4 * sum_of(kept) < 3 * all && peaks < kMostPeaks && !ended;) {
    const int peak = std::ranges::max(left);
    for (std::size_t i = 0; i < votes.size() && !ended; ++i) {
      if (left[i] != peak) continue;
      ended = i >= classes;
      if (ended && sum_of(kept) > 0) break;
      kept[i] = std::exchange(left[i], 0), ++peaks;
    }
  }
  return 2 * sum_of(kept) > all && peaks <= kMostPeaks ? kept : Votes(votes.size(), 0);
}

Votes frequent(const Votes& votes, std::size_t) {
  const int all = sum_of(votes);
  Votes kept(votes.size(), 0);
  for (std::size_t i = 0; i < votes.size(); ++i)
    if (10 * votes[i] >= 3 * all) kept[i] = votes[i];
  return 2 * sum_of(kept) > all ? kept : Votes(votes.size(), 0);
}

Votes without_slips(std::span<const int> votes) {
  Votes kept(votes.begin(), votes.end());
  std::ranges::replace(kept, 1, 0);
  return kept;
}

using Rule = Votes (*)(const Votes&, std::size_t);

const std::map<std::string, Rule>& published_rules() {
  static const std::map<std::string, Rule> rules{
      {"majority", majority}, {"probability", peaks}, {"multi_target", frequent}};
  return rules;
}

}  // namespace

const std::vector<std::string>& vote_rules() {
  static const std::vector<std::string> names{"majority", "probability", "multi_target", "argmax"};
  return names;
}

std::optional<std::int32_t> label_of_votes(std::span<const int> votes, std::size_t classes, const std::string& rule) {
  ensure(0 < classes && classes <= votes.size(), "there is a class, and votes of each");
  Votes kept;
  if (const auto published = published_rules().find(rule); published != published_rules().end()) {
    kept = published->second(without_slips(votes), classes);
  } else {
    ensure(rule == "argmax", "the option's choices are the rules");
    kept.assign(votes.begin(), votes.begin() + static_cast<std::ptrdiff_t>(classes));
  }
  const auto peak = std::ranges::max_element(kept);
  const auto label = static_cast<std::size_t>(peak - kept.begin());
  return (*peak > 0 || rule == "argmax") && label < classes ? std::optional(static_cast<std::int32_t>(label))
                                                            : std::nullopt;
}

}  // namespace evenface::ingest
