#include "evenface/report/report.h"

#include <string>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evenface/core/error.h"
#include "evenface/core/file.h"
#include "evenface/report/page_template.h"

namespace evenface::report {
namespace {

constexpr int kSchemaVersion = 1;

[[noreturn]] void throw_not_findings(const std::string& file, std::string at, std::string found) {
  throw InputError({.file = file,
                    .at = std::move(at),
                    .found = std::move(found),
                    .expected = fmt::format("a findings document of schema version {}", kSchemaVersion),
                    .remedy = "give the findings.json that `evenface compare` or `evenface evaluate` wrote"});
}

void require_findings(const nlohmann::json& document, const std::string& file) {
  if (!document.is_object()) throw_not_findings(file, "", "not a JSON object");
  const auto version = document.find("schema_version");
  if (version == document.end() || *version != kSchemaVersion) {
    throw_not_findings(file, "schema_version", version == document.end() ? "missing" : version->dump());
  }
  for (const char* key : {"document", "title"}) {
    if (!document.contains(key) || !document[key].is_string()) throw_not_findings(file, key, "missing or no text");
  }
  for (const char* key : {"made", "design"}) {
    if (!document.contains(key) || !document[key].is_object()) throw_not_findings(file, key, "missing or no object");
  }
  if (!document.contains("findings") || !document["findings"].is_array()) {
    throw_not_findings(file, "findings", "missing or no list");
  }
}

/// JSON that can stand inside a script element: names in it come from strangers'
/// data, so nothing in it may end the element or open a comment. Escaping all that
/// is not ASCII also covers U+2028 and U+2029.
std::string as_script_text(const nlohmann::json& document, const std::string& file) {
  std::string text;
  try {
    text = document.dump(-1, ' ', /*ensure_ascii=*/true);
  } catch (const nlohmann::json::type_error& error) {
    throw_not_findings(file, "", fmt::format("text that is not UTF-8 ({})", error.what()));
  }
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    if (c == '<' || c == '>' || c == '&') {
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      safe += c;
    }
  }
  return safe;
}

void write(const nlohmann::json& findings, const std::filesystem::path& output, const std::string& file) {
  require_findings(findings, file);
  const std::string_view page = page_template();
  const std::size_t mark = page.find(kFindingsMark);
  ensure(mark != std::string_view::npos, "the report page has no place for findings");
  std::string filled{page.substr(0, mark)};
  filled += as_script_text(findings, file);
  filled += page.substr(mark + kFindingsMark.size());
  write_file(output, filled);
}

}  // namespace

void write_report(const nlohmann::json& findings, const std::filesystem::path& output) { write(findings, output, ""); }

void write_report(const std::filesystem::path& findings, const std::filesystem::path& output) {
  const std::string text = read_file(findings);
  nlohmann::json document;
  try {
    document = nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    throw_not_findings(findings.string(), fmt::format("byte {}", error.byte), "no JSON");
  }
  write(document, output, findings.string());
}

}  // namespace evenface::report
