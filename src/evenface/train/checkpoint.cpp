#include "evenface/train/checkpoint.h"

#include <nlohmann/json.hpp>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/train/heads.h"

namespace evenface::train {
namespace {

using nlohmann::json;

constexpr const char* kArrays = "model.";

std::string text_of(const TrainState& state) {
  json j = {{"epoch", state.epoch},
            {"step", state.step},
            {"tally", state.tally},
            {"best_epoch", state.stopping.best_epoch},
            {"history", state.history}};
  // Before the first best epoch the score is -infinity, which JSON can't hold.
  if (state.stopping.best_epoch > 0) j["best_score"] = state.stopping.best_score;
  return j.dump();
}

TrainState state_of(const std::string& text) {
  const json j = json::parse(text);
  TrainState state{j.at("epoch"), j.at("step"), j.at("tally"), {}, j.at("history")};
  state.stopping.best_epoch = j.at("best_epoch");
  if (state.stopping.best_epoch > 0) state.stopping.best_score = j.at("best_score");
  return state;
}

net::Weights read_own(const std::filesystem::path& file, const std::string& key) {
  net::Weights checkpoint = net::read_safetensors(file);
  const auto found = checkpoint.metadata.find("run");
  if (found == checkpoint.metadata.end() || found->second != key)
    throw InputError({.file = file.string(),
                      .at = {},
                      .found = "this checkpoint belongs to another run",
                      .expected = "one of the same options and inputs",
                      .remedy = "delete the run folder and train again"});
  return checkpoint;
}

}  // namespace

void save_checkpoint(const std::filesystem::path& file, const std::string& key, const TrainState& state,
                     const std::vector<net::NamedTensor>& arrays, const AdamW& optimiser) {
  net::Weights checkpoint;
  checkpoint.metadata = {{"run", key}, {"state", text_of(state)}};
  save_arrays(arrays, kArrays, checkpoint);
  optimiser.save(checkpoint);
  net::write_safetensors(file, checkpoint);
}

std::optional<TrainState> load_checkpoint(const std::filesystem::path& file, const std::string& key,
                                          const std::vector<net::NamedTensor>& arrays, AdamW& optimiser) {
  if (!std::filesystem::exists(file)) return std::nullopt;
  const net::Weights checkpoint = read_own(file, key);
  load_arrays(checkpoint, kArrays, arrays, file.string());
  optimiser.load(checkpoint);
  return state_of(checkpoint.metadata.at("state"));
}

void save_best(const std::filesystem::path& file, const std::string& key, const std::vector<net::NamedTensor>& arrays) {
  net::Weights checkpoint;
  checkpoint.metadata = {{"run", key}};
  save_arrays(arrays, kArrays, checkpoint);
  net::write_safetensors(file, checkpoint);
}

void load_best(const std::filesystem::path& file, const std::string& key, const std::vector<net::NamedTensor>& arrays) {
  load_arrays(read_own(file, key), kArrays, arrays, file.string());
}

}  // namespace evenface::train
