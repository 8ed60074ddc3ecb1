#pragma once
#include <stdexcept>

namespace evenface {

/// The user pressed Ctrl-C (or the process was asked to end).
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

/// From now on SIGINT and SIGTERM set a flag instead of ending the process; a second one ends it.
void catch_interrupts();

/// Throws Interrupted when the flag is set. Called by long loops between units of work.
void throw_if_interrupted();

}  // namespace evenface
