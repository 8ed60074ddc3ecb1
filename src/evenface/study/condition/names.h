#pragma once
#include <optional>
#include <string>
#include <vector>

#include "evenface/study/condition/condition.h"

namespace evenface::study {

/// What can be named in conditions on a set of predictions.
struct TaskNames {
  std::string name;
  std::vector<std::string> classes;  ///< empty where numbers are predicted
  bool scores = false;               ///< the predictions hold scores of the classes
  bool votes = false;                ///< it is known how annotators voted
};
struct AttributeNames {
  std::string name;
  std::vector<std::string> levels;
};
struct KnownNames {
  std::vector<TaskNames> tasks;
  std::vector<AttributeNames> attributes;
  std::optional<std::string> positive = {};  ///< --positive; for tasks that have it
  bool comparison = false;                   ///< two sets of predictions: change and verdict have a meaning
};

/// Throws InputError with a caret under the first name of the condition that is not known: a task, class,
/// attribute or level; a metric that the task's predictions don't give; a change or verdict without a comparison.
/// To be called before anything is computed.
void check_names(const Condition& condition, const KnownNames& known);

}  // namespace evenface::study
