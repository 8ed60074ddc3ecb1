#include "evenface/train/loop.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <ATen/ops/empty.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/interrupt.h"
#include "evenface/core/log.h"
#include "evenface/core/progress.h"
#include "evenface/core/random.h"
#include "evenface/train/checkpoint.h"
#include "evenface/train/loss.h"
#include "evenface/train/schedule.h"

namespace evenface::train {
namespace {

using Clock = std::chrono::steady_clock;

class Loop {
 public:
  Loop(const TrainOptions& options, const Examples& examples, std::span<const double> row_weights, Learner& learner,
       const std::filesystem::path& checkpoints, const std::string& key, const Context& context)
      : options_(options),
        examples_(examples),
        row_weights_(row_weights),
        learner_(learner),
        last_(checkpoints / "last.safetensors"),
        best_(checkpoints / "best.safetensors"),
        key_(key),
        context_(context),
        borders_(step_borders(static_cast<std::int64_t>(examples.train.size()), options.batch)),
        classes_(class_counts(examples.tasks)),
        optimiser_(learner.parameter_groups(options.weight_decay)) {
    make_folder(checkpoints);
    const std::int64_t steps = options.epochs * steps_per_epoch();
    schedule_ = {options.learning_rate, steps, std::llround(options.warmup * static_cast<double>(steps))};
    state_.tally = empty_tally(examples);
    if (auto stored = load_checkpoint(last_, key_, learner_.arrays(), optimiser_)) state_ = std::move(*stored);
  }

  LoopResult run() {
    Progress progress(context_.console, fmt::format("train, seed {}", options_.seed), rows_left(), "images");
    while (state_.epoch < options_.epochs && !out_of_patience(state_.stopping, state_.epoch, options_.patience)) {
      run_steps(progress);
      end_epoch();
    }
    load_best(best_, key_, learner_.arrays());
    return {state_.history, state_.stopping};
  }

 private:
  std::int64_t steps_per_epoch() const { return static_cast<std::int64_t>(borders_.size()) - 1; }
  std::int64_t border(std::int64_t step) const { return borders_[static_cast<std::size_t>(step)]; }
  std::int64_t rows_left() const {
    return (options_.epochs - state_.epoch) * borders_.back() -
           (state_.epoch < options_.epochs ? border(state_.step) : 0);
  }

  void save() {
    save_checkpoint(last_, key_, state_, learner_.arrays(), optimiser_);
    saved_ = Clock::now();
  }

  void run_steps(Progress& progress) {
    const auto seed = static_cast<std::uint64_t>(options_.seed);
    std::vector<std::int64_t> order =
        permutation(borders_.back(), Stream(seed, "order", {static_cast<std::uint64_t>(state_.epoch)}));
    for (std::int64_t& row : order) row = examples_.train[static_cast<std::size_t>(row)];
    while (state_.step < steps_per_epoch()) {
      const std::int64_t begin = border(state_.step), end = border(state_.step + 1);
      run_step(std::span(order).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
      ++state_.step;
      progress.advance(end - begin);
      save_now_and_then();
    }
  }

  /// A kill or Ctrl-C within a long epoch loses at most checkpoint_minutes.
  void save_now_and_then() {
    const double minutes = std::chrono::duration<double, std::ratio<60>>(Clock::now() - saved_).count();
    if (state_.step < steps_per_epoch() && minutes >= options_.checkpoint_minutes) save();
    try {
      throw_if_interrupted();
    } catch (const Interrupted&) {
      save();
      throw;
    }
  }

  void run_step(std::span<const std::int64_t> rows) {
    const double rate = learning_rate_at(schedule_, state_.epoch * steps_per_epoch() + state_.step);
    const at::Tensor logits =
        learner_.training_logits(rows, {static_cast<std::uint64_t>(options_.seed), state_.epoch, state_.step});
    const at::Tensor loss =
        weighted_loss(logits, targets_of(examples_, rows), weights_of(rows), classes_, options_.label_smoothing);
    const auto value = loss.item<double>();
    if (!std::isfinite(value))
      throw InputError({.file = {},
                        .at = "learning_rate",
                        .found = fmt::format("the loss became {} in epoch {}", value, state_.epoch + 1),
                        .expected = "a finite loss",
                        .remedy = "lower learning_rate, raise warmup, or set clip_norm to 1"});
    loss.backward();
    if (options_.clip_norm > 0) optimiser_.clip_gradients(options_.clip_norm);
    optimiser_.step(rate);
    optimiser_.clear_gradients();
    count_correct(state_.tally, examples_, rows, logits);
    state_.tally.loss += value * static_cast<double>(rows.size());
  }

  at::Tensor weights_of(std::span<const std::int64_t> rows) const {
    at::Tensor weights = at::empty({static_cast<std::int64_t>(rows.size())}, at::kFloat);
    for (std::size_t i = 0; i < rows.size(); ++i)
      weights.data_ptr<float>()[i] = static_cast<float>(row_weights_[static_cast<std::size_t>(rows[i])]);
    return weights;
  }

  void end_epoch() {
    const double rate = learning_rate_at(schedule_, (state_.epoch + 1) * steps_per_epoch() - 1);
    const Tally validation = judge(learner_, examples_, examples_.val);
    ++state_.epoch, state_.step = 0;
    state_.history.push_back({state_.epoch, "train", rate, state_.tally});
    state_.history.push_back({state_.epoch, "val", rate, validation});
    state_.tally = empty_tally(examples_);
    // The best epoch's arrays are on the device before the state that says so: a kill
    // between the two repeats this epoch and writes the same arrays again.
    const double score = monitored(options_.monitor, validation);
    if (std::isnan(score))
      throw InputError({.file = options_.data,
                        .at = "monitor",
                        .found = fmt::format("{} can't be computed on the validation rows", options_.monitor),
                        .expected = "validation rows that are labelled in every task",
                        .remedy = "choose another --monitor, or label these rows"});
    const bool better = improved(state_.stopping, state_.epoch, score);
    if (better) save_best(best_, key_, learner_.arrays());
    save();
    if (context_.log)
      context_.log->event("epoch", {{"epoch", state_.epoch},
                                    {"validation_loss", validation.loss / static_cast<double>(validation.rows)},
                                    {"validation_joint_accuracy", share_correct(validation.joint)},
                                    {"best", better}});
  }

  const TrainOptions& options_;
  const Examples& examples_;
  const std::span<const double> row_weights_;
  Learner& learner_;
  const std::filesystem::path last_, best_;
  const std::string key_;
  const Context& context_;
  const std::vector<std::int64_t> borders_, classes_;
  AdamW optimiser_;
  Schedule schedule_;
  TrainState state_;
  Clock::time_point saved_ = Clock::now();
};

}  // namespace

LoopResult run_loop(const TrainOptions& options, const Examples& examples, std::span<const double> row_weights,
                    Learner& learner, const std::filesystem::path& checkpoints, const std::string& key,
                    const Context& context) {
  return Loop(options, examples, row_weights, learner, checkpoints, key, context).run();
}

Tally judge(Learner& learner, const Examples& examples, std::span<const std::int64_t> rows) {
  Tally tally = empty_tally(examples);
  const at::Tensor logits = logits_in_parts(learner, rows);
  count_correct(tally, examples, rows, logits);
  const std::vector<std::int64_t> classes = class_counts(examples.tasks);
  tally.loss = cross_entropy_rows(logits, targets_of(examples, rows), classes, 0).sum(at::kDouble).item<double>();
  return tally;
}

double monitored(const std::string& monitor, const Tally& validation) {
  if (monitor == "loss") return -validation.loss / static_cast<double>(validation.rows);
  if (monitor == "cell-accuracy") return spread_over_cells(validation).mean;
  if (monitor == "joint-accuracy") return share_correct(validation.joint);
  ensure(monitor == "task-accuracy", "a monitor that options allow must be known here");
  double sum = 0;
  for (const balance::ClassCounts& task : validation.tasks) sum += share_correct(task);
  return sum / static_cast<double>(validation.tasks.size());
}

std::vector<std::int64_t> step_borders(std::int64_t rows, std::int64_t batch) {
  const std::int64_t steps = std::max<std::int64_t>(1, std::min((rows + batch - 1) / batch, rows / 2));
  std::vector<std::int64_t> borders;
  for (std::int64_t s = 0; s <= steps; ++s) borders.push_back(s * rows / steps);
  return borders;
}

at::Tensor targets_of(const Examples& examples, std::span<const std::int64_t> rows) {
  const std::size_t tasks = examples.labels.size();
  at::Tensor targets = at::empty({static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(tasks)}, at::kLong);
  std::int64_t* into = targets.data_ptr<std::int64_t>();
  for (const std::int64_t row : rows)
    for (const table::Factor& labels : examples.labels) *into++ = labels.codes[static_cast<std::size_t>(row)];
  return targets;
}

}  // namespace evenface::train
