#include "evenface/core/log.h"

#include <chrono>

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include "evenface/core/error.h"
#include "evenface/core/file.h"

namespace evenface {

RunLog::RunLog(const std::filesystem::path& folder) {
  make_folder(folder);
  const auto path = folder / "log.jsonl";
  try {
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
    sink->set_pattern("%v");
    logger_ = std::make_shared<spdlog::logger>("run", std::move(sink));
    logger_->flush_on(spdlog::level::info);
  } catch (const spdlog::spdlog_ex& e) {
    throw InputError({path.string(), {}, e.what(), {}, "check the folder's permissions"});
  }
}

void RunLog::event(std::string_view name, const nlohmann::json& fields) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto seconds = std::chrono::system_clock::to_time_t(now);
  nlohmann::ordered_json line;
  line["time"] =
      fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", *std::gmtime(&seconds), now.time_since_epoch().count() % 1000);
  line["event"] = name;
  for (const auto& [key, value] : fields.items()) line[key] = value;
  logger_->info("{}", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace evenface
