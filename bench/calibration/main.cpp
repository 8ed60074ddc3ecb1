#include <chrono>
#include <cstdio>
#include <string_view>

#include "questions.h"
#include <fmt/format.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"

namespace evenface::calibration {
namespace {

constexpr const char* kHead =
    "# Are the error rates what they are said to be?\n\n"
    "Written by `make bench` (bench/calibration): data sets of known truth are simulated, or enumerated where that is "
    "possible, and the library's own functions judge them. Shares are in percent, ± is one Monte-Carlo standard error, "
    "and a claim holds when it is met but for three of them. Running it again gives the same bytes, whatever the "
    "number of threads. A short version with derived tolerances is part of the unit tests "
    "(`src/evenface/stats/simulated_claims_test.cpp`).\n\n"
    "Unless a table says otherwise: 95 % level, 14 groups, rates at equal distances, rows of a group independent.\n\n";

using Question = Section (*)(const Effort&);
constexpr Question kQuestions[] = {one_proportion,       two_proportions, group_figures, rates_of_groups, scores,
                                   false_alarms,         spread,          power,         one_run_each,    several_seeds,
                                   bootstrapped_metrics, not_bootstrapped};

std::string document(const Effort& effort) {
  std::vector<std::vector<std::string>> claims;
  std::string sections;
  for (const Question question : kQuestions) {
    const auto start = std::chrono::steady_clock::now();
    const Section s = question(effort);
    for (const Claim& c : s.claims) claims.push_back({c.statement, c.here, c.verdict});
    sections += "## " + s.title + "\n\n" + s.text;
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    fmt::print(stderr, "{}: {:.1f} s\n", s.title, taken.count());
  }
  while (sections.ends_with("\n\n")) sections.pop_back();
  return kHead + ("## Claims\n\n" + table({"claim", "here", "verdict"}, claims)) + sections;
}

int run(int count, char** arguments) {
  Effort effort{.threads = available_threads()};
  std::string path;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--quick") effort.scale = 0.05;
    else path = argument;
  }
  if (path.empty()) {
    fmt::print(stderr, "usage: calibration [--quick] <document to write>\n");
    return 2;
  }
  write_file(path, document(effort));
  return 0;
}

}  // namespace
}  // namespace evenface::calibration

int main(int count, char** arguments) {
  try {
    return evenface::calibration::run(count, arguments);
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 3;
  }
}
