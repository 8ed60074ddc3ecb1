#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/core/random.h"
#include "evenface/core/scratch.h"
#include "evenface/train/sample_backbone.h"
#include "evenface/train/sample_set.h"
#include "evenface/train/train.h"

namespace evenface::train {
namespace {

namespace fs = std::filesystem;
constexpr const char* kFolder = "EVENFACE_RESUME_TEST_FOLDER";  // of the process that gets killed
constexpr const char* kKind = "EVENFACE_RESUME_TEST_KIND";      // what it trains: heads or backbone
const Context kContext{.threads = 1};

/// Fine-tuning on two threads, so that those are put to the test as well.
Context context_of(const std::string& kind) { return {.threads = kind == "heads" ? 1 : 2}; }

TrainOptions options_in(const fs::path& folder, const std::string& kind, const char* run) {
  TrainOptions o = sample_options(folder / "data", folder / run);
  o.epochs = 30, o.checkpoint_minutes = 0;  // saves at each step: many moments to be killed in
  if (kind == "heads") return o;
  o = finetune_options(folder / "data", folder / run);
  o.epochs = 3, o.checkpoint_minutes = 0, o.augment = "standard", o.batch = 8;
  return o;
}

/// With kFolder set this program is the process that gets killed: it trains and runs no test.
class Child : public testing::Environment {
  void SetUp() override {
    const char* const folder = std::getenv(kFolder);
    if (folder == nullptr) return;
    const std::string kind = std::getenv(kKind);
    train(options_in(folder, kind, "killed"), context_of(kind));
    std::_Exit(0);
  }
};
[[maybe_unused]] const testing::Environment* const kChild = testing::AddGlobalTestEnvironment(new Child);

pid_t start_child(const fs::path& folder, const std::string& kind) {
  const std::string self = fs::read_symlink("/proc/self/exe");
  std::string program = "train_test", place = std::string(kFolder) + "=" + folder.string();
  std::string what = std::string(kKind) + "=" + kind;
  char* arguments[] = {program.data(), nullptr};
  std::vector<char*> variables{place.data(), what.data()};
  for (char** v = environ; *v != nullptr; ++v) variables.push_back(*v);
  variables.push_back(nullptr);
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  EXPECT_EQ(posix_spawn(&child, self.c_str(), &quiet, nullptr, arguments, variables.data()), 0);
  posix_spawn_file_actions_destroy(&quiet);
  return child;
}

/// Waits until the checkpoint has changed `writes` times, or the child has ended.
bool ends_before(pid_t child, const fs::path& checkpoint, int writes) {
  fs::file_time_type seen{};
  for (int changes = 0; changes < writes;) {
    if (waitpid(child, nullptr, WNOHANG) == child) return true;
    std::error_code missing;
    const auto time = fs::last_write_time(checkpoint, missing);
    if (!missing && time != seen) seen = time, ++changes;
    usleep(200);
  }
  return false;
}

/// Trains once in peace and once killed over and over, and compares the files.
/// A process is killed after at most `most_writes` of its checkpoints. Returns the number of kills.
int kill_until_finished(const fs::path& folder, const std::string& kind, std::uint64_t most_writes) {
  train(options_in(folder, kind, "whole"), context_of(kind));
  Stream moments(7, "kill");
  int kills = 0;
  for (;; ++kills) {
    EXPECT_LT(kills, 200) << "the killed run makes no headway";
    const pid_t child = start_child(folder, kind);
    const int writes = 1 + static_cast<int>(moments.below(most_writes));
    if (kills == 200 || ends_before(child, folder / "killed" / "checkpoints" / "last.safetensors", writes)) break;
    usleep(static_cast<useconds_t>(moments.below(3000)));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
  for (const char* file : {"model.safetensors", "history.parquet", "weights.parquet", "predictions/val.parquet",
                           "predictions/test.parquet", "checkpoints/last.safetensors", "run.json"})
    EXPECT_TRUE(read_file(folder / "whole" / file) == read_file(folder / "killed" / file)) << file;
  return kills;
}

TEST(Resume, KilledAtAnyMomentItEndsWithTheSameFiles) {
  const Scratch scratch;
  write_sample_set(scratch / "data", {.train = 200});
  EXPECT_GE(kill_until_finished(scratch.path(), "heads", 60), 5);
}

TEST(Resume, AFineTuningKilledWithinAnEpochEndsWithTheSameFiles) {
  const Scratch scratch;
  write_sample_backbone(scratch / "data", {.train = 40, .val = 10, .test = 10, .pictures_px = 32});
  EXPECT_GE(kill_until_finished(scratch.path(), "backbone", 8), 2);
}

TEST(Resume, WorksFromEveryMixOfFilesThatAKillLeaves) {
  const Scratch scratch;
  write_sample_set(scratch / "data", {.train = 200});
  const TrainOptions o = options_in(scratch.path(), "heads", "run");
  train(o, kContext);
  const fs::path run = o.output;
  const std::string model = read_file(run / "model.safetensors");
  nlohmann::json unfinished = nlohmann::json::parse(read_file(run / "run.json"));
  unfinished["summary"] = nullptr;
  // Killed after the best epoch was written but before the state that says so; and after
  // everything but the mark that the run is finished.
  for (const std::vector<const char*>& lost :
       std::vector<std::vector<const char*>>{{"model.safetensors", "checkpoints/last.safetensors"}, {}}) {
    write_file(run / "run.json", unfinished.dump());
    for (const char* file : lost) fs::remove(run / file);
    EXPECT_FALSE(train(o, kContext).runs.at(0).was_finished);
    EXPECT_TRUE(read_file(run / "model.safetensors") == model);
  }
  // A finished run whose model was deleted is made again.
  fs::remove(run / "model.safetensors");
  EXPECT_FALSE(train(o, kContext).runs.at(0).was_finished);
  EXPECT_TRUE(read_file(run / "model.safetensors") == model);
}

TEST(Resume, RefusesDamagedFiles) {
  const Scratch scratch;
  write_sample_set(scratch / "data", {});
  const TrainOptions o = options_in(scratch.path(), "heads", "run");
  train(o, kContext);
  const fs::path run = o.output, last = run / "checkpoints" / "last.safetensors";
  fs::remove(run / "model.safetensors");
  write_file(last, read_file(last).substr(0, 1000));
  EXPECT_THROW(train(o, kContext), InputError);
  write_file(run / "run.json", "{}");
  EXPECT_THROW(train(o, kContext), InputError);
  fs::remove(run / "run.json");
  EXPECT_THROW(train(o, kContext), InputError) << "checkpoints without run.json are nobody's";
}

}  // namespace
}  // namespace evenface::train
