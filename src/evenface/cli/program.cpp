#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "evenface/cli/command.h"
#include "evenface/core/error.h"
#include "evenface/core/interrupt.h"
#include "evenface/core/parallel.h"

namespace evenface::cli {
namespace {

constexpr int kDone = 0, kWrongInput = 2, kBug = 3, kInterrupted = 130;

void bind_flag(CLI::App& app, Field& field) {
  const std::string flag = flag_of(field);
  app.add_flag_function(
         flag + ",!--no-" + flag.substr(2), [&field](std::int64_t count) { assign(field, count > 0, "flag"); },
         field.hints.help)
      ->default_str(toml_value(field));
}

/// An empty text is most likely a variable of the shell that is not set: it would be taken for "not given".
void require_no_empty_text(const Field& field, const std::vector<std::string>& texts) {
  if (std::ranges::find(texts, "") == texts.end()) return;
  throw InputError({.file = {},
                    .at = flag_of(field),
                    .found = "its value is an empty text",
                    .expected = expectation_of(field),
                    .remedy = "leave the option out, or give it a value; is a variable not set?"});
}

/// Adds a field as a flag, and as a positional where it is one.
void bind(CLI::App& app, Field& field, bool positional, bool takes_many) {
  if (std::holds_alternative<bool*>(field.target)) return bind_flag(app, field);
  std::string names = (field.name == "output" ? "-o," : "") + flag_of(field);
  if (positional) names += "," + field.name;
  std::string help = field.hints.help;
  if (*field.hints.unit) help += fmt::format(" ({})", field.hints.unit);
  if (!field.hints.choices.empty()) help += fmt::format(": {}", fmt::join(field.hints.choices, ", "));
  const bool list = std::holds_alternative<std::vector<std::string>*>(field.target);
  CLI::Option* option = app.add_option_function<std::vector<std::string>>(
      names,
      [&field, list](const std::vector<std::string>& texts) {
        require_no_empty_text(field, texts);
        if (list && field.hints.whole_texts) assign(field, texts, "flag");
        else assign_text(field, list ? fmt::format("{}", fmt::join(texts, ",")) : texts.back(), "flag");
      },
      help);
  const std::string value = toml_value(field);
  option->type_name("")->default_str(value == "\"\"" || value == "[]" ? "" : value);
  option->expected(1, takes_many ? CLI::detail::expected_max_vector_size : 1)->allow_extra_args(takes_many);
  option->multi_option_policy(list ? CLI::MultiOptionPolicy::TakeAll : CLI::MultiOptionPolicy::TakeLast);
}

CLI::App* add_command(CLI::App& app, Command& command, std::vector<Field>& common) {
  CLI::App* sub = app.add_subcommand(command.name, command.summary);
  if (command.summary.empty()) sub->group("");
  sub->footer("Example: " + command.example);
  // Positionals first, in the command's own order.
  for (const std::string& name : command.positionals) {
    Field& field = field_named(command.fields, name);
    const bool list = std::holds_alternative<std::vector<std::string>*>(field.target);
    bind(*sub, field, true, list && command.positionals.size() == 1);
  }
  for (Field& field : command.fields)
    if (std::ranges::find(command.positionals, field.name) == command.positionals.end())
      bind(*sub, field, false, false);
  for (Field& field : common) bind(*sub, field, false, false);
  return sub;
}

/// What the user typed.
std::string typed_command(int argc, char** argv) {
  std::string text = "evenface";
  for (int i = 1; i < argc; ++i) text += " " + shell_word(argv[i]);
  return text;
}

Shell make_shell(const CommonOptions& common, std::string typed, const TorchParts& torch) {
  return {.context = {.threads = common.threads > 0 ? static_cast<int>(common.threads) : available_threads(),
                      .console = console_of(2, common.quiet)},
          .out = console_of(1, common.quiet),
          .json = common.json,
          .typed = std::move(typed),
          .torch = torch};
}

/// Goes on as the program beside this one that is linked with torch.
void become_torch_program(char** argv) {
  const std::filesystem::path beside =
      std::filesystem::read_symlink("/proc/self/exe").replace_filename("evenface-torch");
  execv(beside.c_str(), argv);
  throw InputError({.file = beside.string(),
                    .at = {},
                    .found = std::strerror(errno),
                    .expected = "the part of evenface that trains, beside the program",
                    .remedy = "copy both programs, or build again (make build)"});
}

/// Runs and turns what goes wrong into an exit code and a message on stderr.
int guarded(const std::function<int()>& act, const std::string& typed) {
  const auto say = [](const std::string& text) { fmt::print(stderr, "{}\n", text); };
  try {
    return act();
  } catch (const InputError& e) {
    say(fmt::format("error: {}", e.what()));
    return kWrongInput;
  } catch (const Interrupted&) {
    say(fmt::format("interrupted; what was finished is kept, go on with\n  {}", typed));
    return kInterrupted;
  } catch (const std::bad_alloc&) {
    say("error: out of memory\n  to fix    use fewer threads (--threads 1) or a smaller batch");
    return kWrongInput;
  } catch (const std::exception& e) {
    say(fmt::format("internal error: {}\n  this is a bug; please report it with the command\n  {}", e.what(), typed));
    return kBug;
  }
}

}  // namespace

std::string shell_word(const std::string& word) {
  const bool plain = !word.empty() && word.find_first_not_of(
                                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789_-./,:=@%+") == std::string::npos;
  if (plain) return word;
  std::string quoted;
  for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return "'" + quoted + "'";
}

void require_given(const Command& command) {
  for (const Field& field : command.fields) {
    if (std::ranges::find(command.required, field.name) == command.required.end()) continue;
    const std::string value = toml_value(field);
    if (value == "\"\"" || value == "[]")
      throw InputError({.file = {},
                        .at = flag_of(field),
                        .found = fmt::format("{} needs {}", command.name, field.hints.help),
                        .expected = {},
                        .remedy = "for example " + command.example});
  }
}

int run_program(int argc, char** argv, const TorchParts& torch) {
  catch_interrupts();
  std::vector<Command> commands = all_commands();
  CommonOptions common;
  std::vector<Field> common_fields = fields_of(common);
  const std::string typed = typed_command(argc, argv);

  CLI::App app("Find, fix and prove bias in face data sets and face classifiers.", "evenface");
  app.require_subcommand(1);
  app.footer("evenface COMMAND --help tells more. Start with: evenface demo");
  int code = kDone;
  for (Command& command : commands)
    add_command(app, command, common_fields)->final_callback([&] {
      code = guarded(
          [&] {
            require_given(command);
            if (command.needs_torch && !torch.train) become_torch_program(argv);
            return command.run(make_shell(common, typed, torch));
          },
          typed);
    });
  return guarded(
      [&] {
        try {
          app.parse(argc, argv);
        } catch (const CLI::ParseError& e) {
          // CLI11 prints help and names the wrong flag; only the code is ours.
          return app.exit(e) == 0 ? kDone : kWrongInput;
        }
        return code;
      },
      typed);
}

}  // namespace evenface::cli
