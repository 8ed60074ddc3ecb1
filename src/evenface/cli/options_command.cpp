#include <algorithm>

#include <fmt/format.h>

#include "evenface/cli/command.h"

namespace evenface::cli {
namespace {

struct OptionsOptions {
  template <class V>
  static void fields(V&) {}
};

/// A cell of a Markdown table.
std::string cell(std::string text) {
  for (std::size_t i = text.find('|'); i != std::string::npos; i = text.find('|', i + 2)) text.insert(i, "\\");
  return text;
}

void print_field(const Field& field, const std::vector<std::string>& positionals) {
  const bool positional = std::ranges::find(positionals, field.name) != positionals.end();
  std::string names = fmt::format("`{}`", flag_of(field));
  if (field.name == "output") names += " `-o`";
  if (positional) names = fmt::format("`{}` or {}", field.name, names);
  const std::string value = toml_value(field);
  const std::string unit = *field.hints.unit ? fmt::format(" {}", field.hints.unit) : "";
  fmt::print("| {} | {} | {}{} | {} |\n", names, cell(field.hints.help), cell(expectation_of(field)), unit,
             value == "\"\"" || value == "[]" ? "" : "`" + cell(value) + "`");
}

/// docs/options.md, from the same declarations as flags and TOML keys.
int run(const OptionsOptions&, const Shell&) {
  fmt::print(
      "# Options\n\nMade by `evenface options`; a test keeps this page equal to it. In a recipe the keys are written "
      "with\n"
      "underscores (`min_group`), as flags with hyphens (`--min-group`).\n");
  CommonOptions common;
  fmt::print("\n## Every command\n\n| option | what for | value | default |\n| --- | --- | --- | --- |\n");
  for (const Field& field : fields_of(common)) print_field(field, {});
  for (const Command& command : all_commands()) {
    if (command.fields.empty()) continue;
    fmt::print(
        "\n## evenface {}\n\n{}.\n\n    {}\n\n| option | what for | value | default |\n| --- | --- | --- | --- |\n",
        command.name, command.summary, command.example);
    for (const Field& field : command.fields) print_field(field, command.positionals);
  }
  return 0;
}

}  // namespace

Command options_command() {
  return make_command<OptionsOptions>("options", "Print all options as a Markdown page", "evenface options", {}, {},
                                      run);
}

}  // namespace evenface::cli
