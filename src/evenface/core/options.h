#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace evenface {

/// What an option may be, and what it is for.
struct FieldHints {
  const char* help = "";
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices = {};  ///< the only texts allowed, if any
  const char* unit = "";                  ///< shown after the value: "px", "s", "%"
  bool whole_texts = false;  ///< of a list: a comma does not part a text; the option is repeated for a second one
};

/// Where the value lives. A list is given as `a,b` or by repeating the option; see FieldHints::whole_texts.
using FieldTarget = std::variant<bool*, std::int64_t*, double*, std::string*, std::vector<std::string>*>;
using FieldValue = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>>;

/// One option of one options struct. Flags, TOML keys, validation messages and
/// docs/options.md all come from these.
struct Field {
  std::string name;  ///< as the TOML key: lower_snake; the flag is --lower-kebab
  FieldTarget target;
  FieldHints hints;
  std::string origin = "default";  ///< default, recipe, --set or flag
};

/// Collects the fields that `Options::fields` lists.
template <class Options>
class FieldCollector {
 public:
  explicit FieldCollector(Options& options) : options_(options) {}
  /// A member of the options or of a struct that they derive from.
  template <class Base, class Member>
  void operator()(Member Base::* member, const char* name, FieldHints hints) {
    fields.push_back({name, &(options_.*member), std::move(hints), "default"});
  }
  std::vector<Field> fields;

 private:
  Options& options_;
};

/// The fields of an options struct, bound to `options`, which must outlive them:
///
///   struct TrainOptions {
///     std::int64_t epochs = 20;
///     template <class V> static void fields(V& v) {
///       v(&TrainOptions::epochs, "epochs", {.help = "passes over the training rows", .min = 1, .max = 1000});
///     }
///   };
template <class Options>
std::vector<Field> fields_of(Options& options) {
  FieldCollector<Options> collector(options);
  Options::fields(collector);
  return std::move(collector.fields);
}

/// The flag of a field: --min-group for min_group.
std::string flag_of(const Field& field);

/// Its present value as TOML writes it: 20, 0.5, true, "text", ["a", "b"].
std::string toml_value(const Field& field);

/// Its type and limits in words: "integer, 1 to 1000", "one of uniform, validation-attention".
std::string expectation_of(const Field& field);

/// Sets the value. An integer is taken for a real, a single text for a list.
/// Throws InputError with `file`, the key and what was expected when it does not fit.
void assign(Field& field, const FieldValue& value, const std::string& origin, const std::string& file = {});

/// Sets the value from a flag's text; a list of whole texts to this one text.
void assign_text(Field& field, const std::string& text, const std::string& origin);

/// The field called `name`. Throws InputError with the nearest name as remedy when there is none.
Field& field_named(std::vector<Field>& fields, const std::string& name, const std::string& file = {});

/// The candidate that differs from `name` by the fewest edits, if by few enough to be a slip.
std::optional<std::string> nearest_name(const std::string& name, const std::vector<std::string>& candidates);

}  // namespace evenface
