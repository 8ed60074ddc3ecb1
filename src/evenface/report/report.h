#pragma once
#include <filesystem>

#include <nlohmann/json_fwd.hpp>

namespace evenface::report {

/// Writes the findings (findings.json, schemas in study/findings) as one HTML page
/// that needs no network. The file appears whole or not at all.
/// Throws InputError when the document is not findings of schema version 1, holds
/// text that is not UTF-8, or the file can't be written.
void write_report(const nlohmann::json& findings, const std::filesystem::path& output);

/// The same for a findings.json on disk. Throws InputError naming the file and the
/// byte when it is missing or no JSON.
void write_report(const std::filesystem::path& findings, const std::filesystem::path& output);

}  // namespace evenface::report
