#include <fstream>
#include <thread>

#include <ATen/Version.h>
#include <sys/utsname.h>
#include <torch/version.h>

#include "evenface/train/run_folder.h"

namespace evenface::train {
namespace {

using nlohmann::json;

/// The value of the first line `key : value` of /proc/cpuinfo or /proc/meminfo; empty where there is none.
std::string proc_value(const char* file, std::string_view key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(key)) {
      const std::size_t begin = line.find_first_not_of(" \t:", key.size());
      return begin == std::string::npos ? std::string() : line.substr(begin);
    }
  return {};
}

}  // namespace

json describe_environment(const TrainOptions& options, const RunKey& key, int threads) {
  utsname system{};
  uname(&system);
  return {{"evenface", {{"train_code_version", kCodeVersion}}},
          {"torch", TORCH_VERSION},
          {"torch_cpu_capability", at::get_cpu_capability()},
          {"compiler", __VERSION__},
          {"system", std::string(system.sysname) + " " + system.release + " " + system.machine},
          {"processor", proc_value("/proc/cpuinfo", "model name")},
          {"processors", std::thread::hardware_concurrency()},
          {"memory", proc_value("/proc/meminfo", "MemTotal")},
          {"threads", threads},
          {"seed", options.seed},
          {"data", {{"path", std::filesystem::absolute(options.data).lexically_normal().string()}}},
          {"inputs", key.inputs}};
}

}  // namespace evenface::train
