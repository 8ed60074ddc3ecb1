#include "evenface/stats/association.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <vector>

#include "evenface/study/finding.h"

namespace evenface::study {
namespace {
using table::Factor;

/// Rows of one split by the levels of both, those of `second` varying fastest; a row that misses either is left out.
std::vector<std::int64_t> counts_of(const Factor& first, const Factor& second, const Factor& split, std::int32_t code) {
  std::vector<std::int64_t> counts(first.levels.size() * second.levels.size());
  for (std::size_t i = 0; i < split.codes.size(); ++i)
    if (split.codes[i] == code && first.codes[i] >= 0 && second.codes[i] >= 0)
      ++counts[static_cast<std::size_t>(first.codes[i]) * second.levels.size() +
               static_cast<std::size_t>(second.codes[i])];
  return counts;
}

/// Adds the levels that go together, or apart, beyond chance: how many, and those of the largest residuals.
void add_cells(const Factor& first, const Factor& second, std::vector<stats::CellAssociation> cells, Finding& f) {
  constexpr double kFamilyWise = 0.05;
  constexpr std::size_t kMost = 12;
  std::erase_if(cells, [](const stats::CellAssociation& c) { return c.p_adjusted >= kFamilyWise; });
  std::ranges::stable_sort(cells, std::greater(), [](const auto& c) { return std::abs(c.residual); });
  nlohmann::json shown = nlohmann::json::array();
  for (const stats::CellAssociation& c : std::span(cells).first(std::min(kMost, cells.size())))
    shown.push_back({{"first", first.levels[static_cast<std::size_t>(c.row)]},
                     {"second", second.levels[static_cast<std::size_t>(c.column)]},
                     {"n", c.n},
                     {"expected", c.expected},
                     {"residual", c.residual},
                     {"p_adjusted", c.p_adjusted},
                     {"npmi", c.npmi}});
  f.evidence["cells_beyond_chance"] = cells.size();
  f.evidence["cells"] = std::move(shown);
}

Finding finding_of(const Factor& first, const Factor& second, const stats::Association& a, const std::string& split) {
  Finding f{.id = "association/" + first.name + "/" + second.name, .kind = "association"};
  f.subject = {{"first", first.name}, {"second", second.name}};
  f.test = {{"name", "Pearson's chi-square"}, {"family", "1 pair"}, {"level", 0.05}};
  f.p = a.test.p;
  f.evidence = {{"measured_on", split},
                {"rows", a.rows},
                {"chi2", a.test.statistic},
                {"df", a.test.df},
                {"least_expected", a.test.least_expected},
                {"cramers_v", a.cramers_v},
                {"cramers_v_corrected", a.cramers_v_corrected},
                {"mutual_information", a.mutual_information}};
  return f;
}

}  // namespace

/// Of every two attributes and labels, in the first split that has rows of both.
Findings find_association(const DataFactors& data) {
  Findings findings;
  for (auto first = data.columns.begin(); first != data.columns.end(); ++first)
    for (auto second = first + 1; second != data.columns.end(); ++second)
      for (std::int32_t code = 0; code < data.split.level_count(); ++code) {
        const auto counts = counts_of(*first, *second, data.split, code);
        if (std::ranges::all_of(counts, [](auto n) { return n == 0; })) continue;
        const auto a = stats::association(counts, second->level_count());
        findings.push_back(finding_of(*first, *second, a, data.split.levels[static_cast<std::size_t>(code)]));
        add_cells(*first, *second, stats::cell_associations(counts, second->level_count()), findings.back());
        break;
      }
  return findings;
}

}  // namespace evenface::study
