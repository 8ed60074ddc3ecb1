#pragma once
#include "evenface/core/console.h"

namespace evenface {

class RunLog;

/// How a long operation may use the machine and talk to the user.
struct Context {
  int threads = 1;
  Console console{.quiet = true};
  RunLog* log = nullptr;  ///< may be null; not owned
};

}  // namespace evenface
