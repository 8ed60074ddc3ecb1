#include "evenface/study/data_factors.h"

#include <algorithm>
#include <utility>

#include "evenface/table/manifest.h"

namespace evenface::study {
namespace {
using table::Factor;

DataFactors of_judged_rows(const Outcomes& o) {
  DataFactors data{.split = {"split", {"all"}, std::vector<std::int32_t>(static_cast<std::size_t>(o.rows()), 0)}};
  for (const std::size_t i : o.crossings.front().attributes) data.crossed.push_back(o.attributes[i]);
  for (std::size_t t = 0; t < o.truth.size(); ++t) {
    data.columns.push_back(o.truth[t]);
    data.columns.back().name = o.tasks[t];
  }
  return data;
}

DataFactors of_data_set(const Outcomes& o) {
  const table::Manifest manifest = table::Manifest::open(o.data);
  const auto read = [&](const std::string& name) {
    const std::string column = manifest.column_of(name);
    Factor factor = manifest.reader().read({{column, table::ColumnRequest::As::kFactor}}).factor(column);
    factor.name = name;
    return factor;
  };
  DataFactors data{.split = manifest.reader().read({{"split"}}).factor("split")};
  for (const std::string& name : o.by()) data.crossed.push_back(read(name));
  if (o.true_values.empty())
    for (const std::string& name : o.tasks) data.columns.push_back(read(name));
  return data;
}

}  // namespace

DataFactors data_factors_of(const Outcomes& o) {
  DataFactors data = o.data.empty() ? of_judged_rows(o) : of_data_set(o);
  const std::vector<Factor> labels = std::exchange(data.columns, data.crossed);
  for (const Factor& label : labels)
    if (std::ranges::find(data.columns, label.name, &Factor::name) == data.columns.end()) data.columns.push_back(label);
  return data;
}

}  // namespace evenface::study
