#include "evenface/cli/stage_stamp.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/core/hash.h"

namespace evenface::cli {
namespace fs = std::filesystem;
namespace {

std::string state_of_file(const fs::path& path) {
  return fmt::format("{} {}", fs::file_size(path), fs::last_write_time(path).time_since_epoch().count());
}

/// One hash over names, sizes and times of all files below. Reports and stamps say nothing about the data.
std::string state_of_folder(const fs::path& folder) {
  std::vector<std::string> lines;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || name == "report.html" || name == "findings.json" || name == "log.jsonl" ||
        name == "stage.json")
      continue;
    lines.push_back(entry.path().string() + " " + state_of_file(entry.path()));
  }
  std::ranges::sort(lines);
  return content_hash(fmt::format("{}", fmt::join(lines, "\n")));
}

std::string state_of(const fs::path& path) {
  if (fs::is_directory(path)) return state_of_folder(path);
  return fs::is_regular_file(path) ? state_of_file(path) : "";
}

const std::string* text_of(const Field& field) {
  const auto* target = std::get_if<std::string*>(&field.target);
  return target ? *target : nullptr;
}

}  // namespace

std::string stamp_of(const Stage& stage) {
  nlohmann::json stamp{{"command", stage.command.name},
                       {"version", stage.command.version},
                       {"options", nlohmann::json::object()},
                       {"files", nlohmann::json::object()}};
  const auto note = [&](const std::string& path) {
    if (path.empty()) return;
    if (const std::string state = state_of(path); !state.empty()) stamp["files"][path] = state;
  };
  for (const Field& field : stage.command.fields) {
    stamp["options"][field.name] = toml_value(field);
    // Any text that names a file is an input, and the output is part of what must be unchanged.
    if (const std::string* text = text_of(field)) note(*text);
    if (const auto* list = std::get_if<std::vector<std::string>*>(&field.target))
      for (const std::string& text : **list) note(text);
  }
  return stamp.dump(1) + "\n";
}

fs::path stamp_path(const Stage& stage) {
  for (const Field& field : stage.command.fields)
    if (const std::string* text = text_of(field); text && field.name == "output" && !text->empty())
      return fs::path(*text) / "stage.json";
  return {};
}

}  // namespace evenface::cli
