#include "evenface/report/page_template.h"

// A megabyte as a string literal is slow to compile and beyond what the standard
// promises, so the assembler takes the file in as it is.
asm(R"(
  .section .rodata
  .global evenface_page_begin
  .global evenface_page_end
evenface_page_begin:
  .incbin ")" EVENFACE_PAGE R"("
evenface_page_end:
  .byte 0
  .text
)");

extern "C" const char evenface_page_begin[];
extern "C" const char evenface_page_end[];

namespace evenface::report {

std::string_view page_template() { return {evenface_page_begin, evenface_page_end}; }

}  // namespace evenface::report
