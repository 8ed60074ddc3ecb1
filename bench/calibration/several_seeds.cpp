#include "before_after.h"
#include "questions.h"
#include <fmt/format.h>

namespace evenface::calibration {
namespace {

constexpr int kGroups = 14;
constexpr double kRate = 0.6;
constexpr std::int64_t kReplicates = 200;  // only their variance is used

/// How a method's rates vary between seeds.
struct Seeds {
  std::string name;
  std::vector<double> sd;
};

std::vector<Seeds> seeds() {
  std::vector<double> mixed;
  for (int g = 0; g < kGroups; ++g) mixed.push_back(0.026 + (0.063 - 0.026) * g / (kGroups - 1));
  return {{"0", {}}, {"2.6", std::vector(kGroups, 0.026)}, {"6.3", std::vector(kGroups, 0.063)}, {"2.6 to 6.3", mixed}};
}

/// One setting of the table and what was found: covered, fairer, less fair, some flag, some loser,
/// accuracy covered.
struct Row {
  std::vector<std::string> cells;
  Means<6> found;
};

Row judged(const std::string& name, const Seeds& variation, stats::RunsModel model, std::uint64_t setting,
           const Effort& effort) {
  model.seed_sd = variation.sd;
  const double change =
      stats::true_spread(model.after, model.seed_sd) - stats::true_spread(model.before, model.seed_sd);
  Row row{{name, std::to_string(model.runs), std::to_string(model.rows), variation.name}, {}};
  row.found = simulate<6>("several seeds", setting, effort.draws(1000), effort.threads, [&](Stream& stream) {
    const Judged j = judge(model, change, kReplicates, stream);
    return std::array{j.covered, j.fairer, j.less_fair, j.any_flag, j.any_lost, j.price_covered};
  });
  for (const Mean& share : row.found) row.cells.push_back(percent(share));
  return row;
}

}  // namespace

Section several_seeds(const Effort& effort) {
  std::vector<std::vector<std::string>> same, changed, by_method;
  Range covered, verdicts, flags, lost, price, other_flags, other_price;
  std::uint64_t setting = 0;
  for (const int m : {3, 5})
    for (const Seeds& variation : seeds()) {
      for (const double sd : {0.0, 0.05, 0.12}) {
        const auto rates = stats::equally_spaced(kRate, sd, kGroups);
        const Row r =
            judged(points(sd, 0) + " to " + points(sd, 0), variation,
                   {.before = rates, .after = rates, .seed_sd = {}, .rows = 143, .runs = m}, setting++, effort);
        covered.add(r.found[0]), verdicts.add(r.found[1]), verdicts.add(r.found[2]), price.add(r.found[5]);
        flags.add(r.found[3]), lost.add(r.found[4]);
        same.push_back(r.cells);
      }
      const auto wide = stats::equally_spaced(kRate, 0.12, kGroups),
                 narrow = stats::equally_spaced(kRate, 0.05, kGroups);
      for (const auto& [name, after] : {std::pair{"12 to 5", narrow}, {"12, low half raised", raised_to_mean(wide)}}) {
        const Row r = judged(name, variation, {.before = wide, .after = after, .seed_sd = {}, .rows = 143, .runs = m},
                             setting++, effort);
        covered.add(r.found[0]);
        if (after != narrow) flags.add(r.found[3]), lost.add(r.found[4]);
        changed.push_back(r.cells);
      }
      const auto rates = stats::equally_spaced(kRate, 0.05, kGroups);
      const Row r =
          judged("5 to 5, a third of rows", variation,
                 {.before = rates, .after = rates, .seed_sd = {}, .rows = 143, .runs = m, .by_method = 1.0 / 3},
                 setting++, effort);
      other_flags.add(r.found[3]), other_price.add(r.found[5]);
      by_method.push_back(r.cells);
    }

  const std::vector<std::string> titles{"true SD", "seeds",     "n",         "SD between seeds", "covered",
                                        "fairer",  "less fair", "some flag", "some loser",       "accuracy covered"};
  Section s{.title = "Before and after, several seeds", .text = {}, .claims = {}};
  s.text =
      "The interval of the change of the spread, the verdicts, and whether some group was flagged, or called a loser, "
      "that the truth did not move. First: nothing changed between the methods.\n\n" +
      table(titles, same) + "The method changed.\n\n" + table(titles, changed) +
      "Nothing changed in any group's rate, but the second method finds other rows hard: a third of the rows are drawn "
      "anew for it.\n\n" +
      table(titles, by_method);
  s.claims = {{"Several seeds: the interval of the change of the spread covers 94 to 99 %", covered.percent(),
               verdict(covered.within(0.94, 0.99), covered.percent())},
              {"Several seeds, no change: each wrong verdict at most 3.3 %", verdicts.percent(),
               verdict(at_most(verdicts.highest(), 0.033), verdicts.percent())},
              {"Several seeds: winners and losers in error, family-wise, 4.5 to 6.7 %", flags.percent(),
               verdict(flags.within(0.045, 0.067), flags.percent())},
              {"Several seeds: losers in error, family-wise, at most 5 %", lost.percent(),
               verdict(at_most(lost.highest(), 0.05), lost.percent())},
              {"Several seeds: the interval of the change of accuracy covers about 95 %", price.percent(),
               verdict(price.within(0.94, 0.98), price.percent())},
              {"Several seeds, the second method finds other rows hard: some group in error, at most 6.7 %",
               other_flags.percent(), verdict(at_most(other_flags.highest(), 0.067), other_flags.percent())},
              {"… and the interval of the change of accuracy covers about 95 %", other_price.percent(),
               verdict(other_price.within(0.94, 0.98), other_price.percent())}};
  return s;
}

}  // namespace evenface::calibration
