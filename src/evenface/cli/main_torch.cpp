#include "evenface/cli/command.h"
#include "evenface/train/train.h"

int main(int argc, char** argv) { return evenface::cli::run_program(argc, argv, {.train = evenface::train::train}); }
