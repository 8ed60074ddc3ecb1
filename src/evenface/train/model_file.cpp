#include "evenface/train/model_file.h"

#include <nlohmann/json.hpp>

#include "evenface/core/error.h"

namespace evenface::train {
namespace {

using nlohmann::json;
constexpr const char* kFormat = "evenface-model-1";

}  // namespace

HeadShape head_shape(const TrainOptions& options, const std::vector<Task>& tasks, std::int64_t features) {
  HeadShape shape{.features = features,
                  .hidden = options.hidden,
                  .classes = 0,
                  .input_dropout = options.input_dropout,
                  .hidden_dropout = options.hidden_dropout};
  for (const std::int64_t classes : class_counts(tasks)) shape.classes += classes;
  return shape;
}

void write_model(const std::filesystem::path& path, const TrainOptions& options, const std::vector<Task>& tasks,
                 const std::string& features_hash, Learner& learner) {
  json described = json::array();
  for (const Task& task : tasks) described.push_back({{"name", task.name}, {"levels", task.levels}});
  const json description = {{"backbone", options.features.empty() ? options.backbone : "none"},
                            {"image_px", options.image_px},
                            {"precision", options.precision},
                            {"finetune_from", options.finetune_from},
                            {"features", features_hash},
                            {"tasks", described},
                            {"hidden", options.hidden}};
  net::Weights model;
  model.metadata = {{"format", kFormat}, {"model", description.dump()}};
  save_arrays(learner.arrays(), "", model);
  net::write_safetensors(path, model);
}

ModelDescription describe_model(const net::Weights& model, const std::string& file) {
  const auto format = model.metadata.find("format");
  const auto mean = model.tensors.find("heads.standard.mean"), bias = model.tensors.find("heads.output.bias");
  if (format == model.metadata.end() || format->second != kFormat || mean == model.tensors.end() ||
      bias == model.tensors.end())
    throw InputError({.file = file,
                      .at = {},
                      .found = "this is no model that evenface train wrote",
                      .expected = "model.safetensors of a run folder",
                      .remedy = "check the path"});
  const json j = json::parse(model.metadata.at("model"));
  ModelDescription d{
      j.at("backbone"), j.at("features"), j.at("finetune_from"), j.at("precision"), j.at("image_px"), {}, {}};
  for (const json& task : j.at("tasks")) d.tasks.push_back({task.at("name"), task.at("levels")});
  d.heads = {.features = mean->second.shape.at(0),
             .hidden = j.at("hidden"),
             .classes = bias->second.shape.at(0),
             .input_dropout = 0,
             .hidden_dropout = 0};
  return d;
}

}  // namespace evenface::train
