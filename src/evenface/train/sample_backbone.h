#pragma once
#include <filesystem>

#include <c10/core/GradMode.h>

#include "evenface/net/architectures.h"
#include "evenface/net/module.h"
#include "evenface/train/pixel_source.h"
#include "evenface/train/sample_set.h"

namespace evenface::train {

/// For tests: options that train the last stage of `<folder>/backbone.safetensors` on 32 px pictures.
inline TrainOptions finetune_options(const std::filesystem::path& data, const std::filesystem::path& output) {
  TrainOptions options = sample_options(data, output);
  options.features.clear();
  options.backbone_weights = data / "backbone.safetensors", options.image_px = 32;
  options.finetune_from = "conv_head", options.backbone_learning_rate = 0.002;
  return options;
}

/// For tests: a data set with pictures and that backbone: a real network with random weights,
/// whose last stage's batch norm knows its inputs, as a trained network's would. (With all
/// of them calibrated a random network this deep tells any two pictures apart equally well.)
inline void write_sample_backbone(const std::filesystem::path& folder, const SampleSet& set) {
  const c10::NoGradGuard no_gradients;
  write_sample_set(folder, set);
  const Examples examples = read_examples(folder, {}, {});
  const net::Graph graph = net::efficientnet_lite0();
  net::Module backbone(graph, net::initial_weights(graph, 1));
  backbone.train_from(net::stage_named(graph, "conv_head"));
  backbone.use_batch_statistics(true);
  const at::Tensor pictures =
      PixelSource(finetune_options(folder, {}), examples, graph.normalisation, 2).plain(examples.train);
  for (int pass = 0; pass < 60; ++pass) backbone.forward(pictures);  // .9^60 = .002 of the start is left
  net::write_safetensors(folder / "backbone.safetensors", backbone.weights());
}

}  // namespace evenface::train
