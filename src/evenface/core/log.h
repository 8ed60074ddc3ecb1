#pragma once
#include <filesystem>
#include <memory>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace spdlog {
class logger;
}

namespace evenface {

/// What happened in a run, as JSON lines in the run folder: appended to, flushed at each event.
class RunLog {
 public:
  /// Opens `<folder>/log.jsonl`.
  explicit RunLog(const std::filesystem::path& folder);

  /// Adds {"time": ..., "event": event, ...fields}.
  void event(std::string_view name, const nlohmann::json& fields);

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace evenface
