#include "evenface/core/console.h"

#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace evenface {

Console console_of(int descriptor, bool quiet) {
  Console c{.quiet = quiet};
  c.terminal = isatty(descriptor) == 1;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  c.colour = c.terminal && (!no_colour || !*no_colour) && term && std::string_view(term) != "dumb";
  winsize size{};
  if (c.terminal && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) c.width = size.ws_col;
  return c;
}

}  // namespace evenface
