#pragma once

namespace evenface {

/// What the stream that people read can show.
struct Console {
  bool quiet = false;     ///< no progress and no notes
  bool terminal = false;  ///< bars may be redrawn in place
  bool colour = false;    ///< a terminal, and NO_COLOR is unset
  int width = 100;        ///< columns
};

/// Looks at a file descriptor (1 or 2), the terminal's size and NO_COLOR.
Console console_of(int descriptor, bool quiet);

}  // namespace evenface
