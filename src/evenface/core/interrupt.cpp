#include "evenface/core/interrupt.h"

#include <csignal>

namespace evenface {
namespace {

// The one piece of global state: a signal handler can reach nothing else.
volatile std::sig_atomic_t flag = 0;

void on_signal(int signal) {
  flag = 1;
  std::signal(signal, SIG_DFL);
}

}  // namespace

void catch_interrupts() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

void throw_if_interrupted() {
  if (flag) throw Interrupted();
}

}  // namespace evenface
