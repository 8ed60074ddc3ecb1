#include "evenface/cli/recipe.h"

#include <algorithm>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "evenface/core/error.h"

namespace evenface::cli {
namespace {

[[noreturn]] void reject(const std::string& file, std::string at, std::string found, std::string expected,
                         std::string remedy) {
  throw InputError({file, std::move(at), std::move(found), std::move(expected), std::move(remedy)});
}

std::string line_of(const toml::node& node) { return fmt::format("line {}", node.source().begin.line); }

/// Replaces {name} by the input of that name.
std::string filled_in(const std::string& text, const std::map<std::string, std::string>& inputs,
                      const std::string& file, const std::string& at) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t end = text[i] == '{' ? text.find('}', i) : std::string::npos;
    if (end == std::string::npos) {
      out += text[i];
      continue;
    }
    const std::string name = text.substr(i + 1, end - i - 1);
    const auto found = inputs.find(name);
    if (found == inputs.end())
      reject(file, at, fmt::format("{{{}}} is no input", name), "a name that stands under [inputs]",
             "add it there, or correct it");
    if (found->second.empty())
      reject(file, at, fmt::format("the input {} has no value", name), {}, fmt::format("give it: --set {}=...", name));
    out += found->second;
    i = end;
  }
  return out;
}

FieldValue value_of(const toml::node& node, const std::function<std::string(const std::string&)>& fill,
                    const std::string& file) {
  if (const auto v = node.as_boolean()) return v->get();
  if (const auto v = node.as_integer()) return v->get();
  if (const auto v = node.as_floating_point()) return v->get();
  if (const auto v = node.as_string()) return fill(v->get());
  std::vector<std::string> list;
  if (const auto* array = node.as_array())
    for (const toml::node& item : *array)
      if (const auto text = item.as_string()) list.push_back(fill(text->get()));
      else reject(file, line_of(item), "a list holds something else than text", "a list of texts", "put it in quotes");
  else
    reject(file, line_of(node), "this kind of value fits no option", "true, a number, a text or a list of texts",
           "correct it");
  return list;
}

toml::table parsed(const std::string& text, const std::string& file) {
  try {
    return toml::parse(text, file);
  } catch (const toml::parse_error& e) {
    reject(file, fmt::format("line {}", e.source().begin.line), std::string(e.description()), "TOML",
           "correct the line; texts stand in double quotes");
  }
}

Command command_named(const std::string& name, const std::string& file, const std::string& at) {
  std::vector<std::string> names;
  for (Command& command : all_commands()) {
    if (command.name == name) return std::move(command);
    names.push_back(command.name);
  }
  const auto near = nearest_name(name, names);
  reject(file, at, fmt::format("there is no command \"{}\"", name), fmt::format("one of {}", fmt::join(names, ", ")),
         near ? fmt::format("did you mean `{}`?", *near) : "name one of these");
}

Stage read_stage(const toml::table& table, const Recipe& recipe, const std::string& file) {
  const auto text = [&](const char* key) {
    const auto value = table[key].value<std::string>();
    if (!value)
      reject(file, line_of(table), fmt::format("a stage has no {}", key), {}, fmt::format("add {} = \"...\"", key));
    return *value;
  };
  Stage stage{text("name"), command_named(text("command"), file, line_of(table))};
  for (const auto& [key, node] : table) {
    if (key == "name" || key == "command") continue;
    const std::string at(key.str());
    Field& field = field_named(stage.command.fields, at, fmt::format("{}, line {}", file, node.source().begin.line));
    assign(field,
           value_of(
               node, [&](const std::string& t) { return filled_in(t, recipe.inputs, file, at); }, file),
           "recipe", fmt::format("{}, line {}", file, node.source().begin.line));
  }
  return stage;
}

struct Setting {
  std::string key, value;
};

Setting split_setting(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    reject({}, "--set " + text, "there is no value", "--set key=value", "for example --set data=../faces");
  return {text.substr(0, equals), text.substr(equals + 1)};
}

void set_stage_option(Recipe& recipe, const Setting& setting, const std::string& file) {
  const std::size_t dot = setting.key.find('.');
  const std::string name = setting.key.substr(0, dot);
  const auto stage = std::ranges::find(recipe.stages, name, &Stage::name);
  if (stage == recipe.stages.end()) {
    std::vector<std::string> names;
    for (const Stage& s : recipe.stages) names.push_back(s.name);
    reject(file, "--set " + setting.key, fmt::format("there is no stage \"{}\"", name),
           fmt::format("one of {}", fmt::join(names, ", ")), "name one of these");
  }
  assign_text(field_named(stage->command.fields, setting.key.substr(dot + 1), file), setting.value, "--set");
}

}  // namespace

Recipe read_recipe(const std::string& text, const std::string& file, const std::vector<std::string>& settings) {
  const toml::table root = parsed(text, file);
  Recipe recipe{.title = root["title"].value_or(std::string())};
  for (const auto& [key, node] : root)
    if (key != "title" && key != "inputs" && key != "stage")
      reject(file, line_of(node), fmt::format("there is no key \"{}\"", key.str()), "title, [inputs] or [[stage]]",
             "remove or correct it");
  if (const auto* inputs = root["inputs"].as_table())
    for (const auto& [key, node] : *inputs) recipe.inputs[std::string(key.str())] = node.value_or(std::string());

  std::vector<Setting> for_stages;
  for (const std::string& given : settings) {
    Setting setting = split_setting(given);
    if (setting.key.find('.') != std::string::npos) for_stages.push_back(std::move(setting));
    else if (const auto input = recipe.inputs.find(setting.key); input != recipe.inputs.end())
      input->second = setting.value;
    else {
      std::vector<std::string> names;
      for (const auto& [name, value] : recipe.inputs) names.push_back(name);
      reject(file, "--set " + setting.key, "there is no such input",
             fmt::format("one of {}, or <stage>.<option>", fmt::join(names, ", ")), "name one of these");
    }
  }
  const auto* stages = root["stage"].as_array();
  if (!stages || stages->empty())
    reject(file, {}, "the recipe has no stage", "[[stage]] with name and command", "add one");
  for (const toml::node& node : *stages) {
    if (!node.is_table()) reject(file, line_of(node), "a stage is no table", "[[stage]]", "write it so");
    recipe.stages.push_back(read_stage(*node.as_table(), recipe, file));
  }
  for (const Setting& setting : for_stages) set_stage_option(recipe, setting, file);
  for (const Stage& stage : recipe.stages) require_given(stage.command);
  return recipe;
}

}  // namespace evenface::cli
