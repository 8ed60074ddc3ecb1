#include "evenface/cli/command.h"

int main(int argc, char** argv) { return evenface::cli::run_program(argc, argv, {.train = nullptr}); }
