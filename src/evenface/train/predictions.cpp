#include "evenface/train/predictions.h"

#include <algorithm>

#include <ATen/ops/softmax.h>

#include "evenface/table/table.h"

namespace evenface::train {
namespace {

constexpr std::size_t kRowsPerGroup = 65536;

/// The columns of one batch, from logits n x classes of all tasks.
table::Table predictions_of(const Examples& examples, std::span<const std::int64_t> rows, const at::Tensor& logits) {
  table::Table batch;
  table::Texts ids;
  for (const std::int64_t row : rows) ids.push_back(examples.ids[static_cast<std::size_t>(row)]);
  batch.add("id", std::move(ids));
  std::int64_t begin = 0;
  for (const Task& task : examples.tasks) {
    const auto classes = static_cast<std::int64_t>(task.levels.size());
    const at::Tensor own = logits.narrow(1, begin, classes).contiguous(), scores = at::softmax(own, 1);
    table::Factor predicted{task.name + ".predicted", task.levels, {}};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      // The largest logit, not the largest score: rounding may make two scores equal.
      const float* const row = own.const_data_ptr<float>() + i * task.levels.size();
      predicted.codes.push_back(static_cast<std::int32_t>(std::max_element(row, row + classes) - row));
    }
    const float* const values = scores.const_data_ptr<float>();
    batch.add(task.name + ".predicted", std::move(predicted));
    batch.add(task.name + ".scores", table::Vectors{classes, {values, values + scores.numel()}});
    begin += classes;
  }
  return batch;
}

}  // namespace

void write_predictions(const std::filesystem::path& path, Learner& learner, const Examples& examples,
                       std::span<const std::int64_t> rows) {
  table::TableWriter writer(path);
  for (std::size_t begin = 0; begin < rows.size(); begin += kRowsPerGroup) {
    const auto part = rows.subspan(begin, std::min(kRowsPerGroup, rows.size() - begin));
    writer.append(predictions_of(examples, part, logits_in_parts(learner, part)));
  }
  writer.commit();
}

}  // namespace evenface::train
