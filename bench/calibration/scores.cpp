#include "evenface/stats/scores.h"

#include "covers.h"
#include "questions.h"
#include <fmt/format.h>

#include "evenface/stats/calibration.h"
#include "evenface/stats/interval.h"

namespace evenface::calibration {
namespace {

double normal_tail(double z) { return std::erfc(z / std::sqrt(2.0)) / 2; }

/// Scores of positives N(shift, 1) and negatives N(0, 1).
struct Binormal {
  double area, shift;
  explicit Binormal(double of_area) : area(of_area), shift(std::sqrt(2.0) * stats::normal_quantile(of_area)) {}

  std::vector<stats::ScoreCount> draw(int positives, int negatives, Stream& s) const {
    stats::ScoreCells cells(1);
    for (int i = 0; i < positives; ++i) cells.add(0, shift + s.normal(), true);
    for (int i = 0; i < negatives; ++i) cells.add(0, s.normal(), false);
    return cells.of(0);
  }
  /// The area under the curve of precision over recall, where this share of the rows is positive.
  double average_precision(double prevalence) const {
    constexpr double kStep = 1e-3;
    double sum = 0, recall = 0;
    for (double threshold = 10; threshold > -10; threshold -= kStep) {
      const double found = normal_tail(threshold - shift), taken = normal_tail(threshold);
      const double precision = prevalence * found / (prevalence * found + (1 - prevalence) * taken);
      sum += precision * (found - recall), recall = found;
    }
    return sum;
  }
};

std::string ranking(const Effort& effort, Section& s) {
  std::vector<std::vector<std::string>> rows;
  Range area, precision;
  std::uint64_t setting = 0;
  for (const auto& [positives, negatives] : {std::pair{30, 30}, {30, 300}, {100, 100}, {300, 300}})
    for (const double truth : {0.6, 0.75, 0.9, 0.97}) {
      const Binormal scores(truth);
      const double true_precision = scores.average_precision(positives / static_cast<double>(positives + negatives));
      const auto found = simulate<2>("ranking", setting++, effort.draws(4000), effort.threads, [&](Stream& stream) {
        const auto drawn = scores.draw(positives, negatives, stream);
        return std::array{covers(stats::estimate_of(stats::roc_auc(drawn, 1), 0.95), truth),
                          covers(stats::estimate_of(stats::average_precision(drawn, 1), 0.95), true_precision)};
      });
      area.add(found[0]), precision.add(found[1]);
      rows.push_back({std::to_string(positives), std::to_string(negatives), points(truth, 0), percent(found[0]),
                      points(true_precision, 0), percent(found[1])});
    }
  s.claims.push_back({"ROC-AUC: DeLong's interval on the logit scale covers about 95 %", area.percent(),
                      verdict(area.within(0.94, 0.965), area.percent())});
  s.claims.push_back({"PR-AUC: the logit interval covers about 95 %", precision.percent(),
                      verdict(precision.within(0.94, 0.965), precision.percent())});
  return "Normal scores of equal variance. The average precision's interval takes the positives as independent "
         "trials, which they are only roughly.\n\n" +
         table({"positives", "negatives", "ROC-AUC", "covered", "PR-AUC", "covered"}, rows);
}

/// A perfectly calibrated model: scores from Beta(2, 2), truth drawn from them.
std::string calibrated(const Effort& effort, Section& s) {
  std::vector<std::vector<std::string>> rows;
  Range alarms, brier;
  double at_143 = 0;
  std::uint64_t setting = 0;
  for (const int n : {60, 143, 400, 1000}) {
    const auto found = simulate<4>("calibrated", setting++, effort.draws(2000), effort.threads, [&](Stream& stream) {
      stats::ScoreCells cells(1);
      for (int i = 0; i < n; ++i) {
        const double score = stream.beta(2, 2);
        cells.add(0, score, stream.uniform() < score);
      }
      const auto drawn = cells.of(0);
      const auto error = stats::calibration_error(drawn, {.draws = 199, .seed = stream.bits64()}, 1, {});
      constexpr double kTrueBrier = 0.2;  // E p(1 - p) of Beta(2, 2)
      return std::array{*error.ece.value, error.excess, double(error.null.p <= 0.05),
                        covers(stats::estimate_of(stats::brier_score(drawn, 1), 0.95), kTrueBrier)};
    });
    if (n == 143) at_143 = found[0].value();
    alarms.add(found[2]), brier.add(found[3]);
    rows.push_back({std::to_string(n), points(found[0].value()), fmt::format("{:+.2f}", 100 * found[1].value()),
                    percent(found[2]), percent(found[3])});
  }
  s.claims.push_back({"A perfectly calibrated model shows an ECE of .116 at n = 143", fmt::format("{:.3f}", at_143),
                      verdict(std::abs(at_143 - 0.116) < 0.002, fmt::format("{:.3f}", at_143))});
  s.claims.push_back({"A perfectly calibrated model is called miscalibrated in at most 5 %", alarms.percent(),
                      verdict(at_most(alarms.highest(), 0.05), alarms.percent())});
  s.claims.push_back({"The Brier score's interval covers about 95 %", brier.percent(),
                      verdict(brier.within(0.94, 0.965), brier.percent())});
  return "A perfectly calibrated model (scores from Beta(2, 2)): its mean ECE with 15 bins is not 0, which is why it "
         "stands beside its null; the mean excess over that null; how often the null is rejected at 5 %; coverage of "
         "the "
         "Brier score.\n\n" +
         table({"n", "mean ECE, points", "mean excess", "called miscalibrated", "Brier score covered"}, rows);
}

}  // namespace

Section scores(const Effort& effort) {
  Section s{.title = "Scores", .text = {}, .claims = {}};
  s.text = ranking(effort, s);
  s.text += calibrated(effort, s);
  return s;
}

}  // namespace evenface::calibration
