// write_page <findings.json> <report.html>: the library's report writer for the browser tests.
#include <cstdio>

#include "evenface/core/error.h"
#include "evenface/report/report.h"

int main(int count, char** arguments) {
  if (count != 3) return 2;
  try {
    evenface::report::write_report(std::filesystem::path{arguments[1]}, arguments[2]);
  } catch (const evenface::InputError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
