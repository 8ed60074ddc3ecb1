#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "evenface/train/heads.h"
#include "evenface/train/learner.h"
#include "evenface/train/options.h"

namespace evenface::train {

/// The shape of the heads that the options ask for, over features of width d.
HeadShape head_shape(const TrainOptions& options, const std::vector<Task>& tasks, std::int64_t features);

/// Writes model.safetensors: the learner's arrays (`heads.*`, and `backbone.*` when it was
/// fine-tuned), and metadata that says how to use them: format, backbone, image_px,
/// precision, tasks with their levels, the shape of the heads, and the hash of the
/// features that the heads were trained on. No times: equal runs give equal bytes.
void write_model(const std::filesystem::path& path, const TrainOptions& options, const std::vector<Task>& tasks,
                 const std::string& features_hash, Learner& learner);

/// A model file's description.
struct ModelDescription {
  std::string backbone, features_hash, finetune_from, precision;
  std::int64_t image_px = 0;
  std::vector<Task> tasks;
  HeadShape heads;
};

/// Throws InputError when the file is no model of ours.
ModelDescription describe_model(const net::Weights& model, const std::string& file);

}  // namespace evenface::train
