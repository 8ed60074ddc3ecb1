#pragma once
#include "evenface/study/condition/condition.h"

// The parts of a condition's grammar below `and`, `or` and `not`. Private to `condition`.
namespace evenface::study {

/// Reads `figure comparator number [with level]`. Throws InputError with a caret.
FigureTest read_figure_test(Cursor& cursor);

/// Reads `change(figure)`, a function over groups, or a metric with or without `of attribute=level, ...`.
FigureRequest read_figure(Cursor& cursor);

/// A number as written: 0.1, .1, 10%, -1e-3.
struct WrittenNumber {
  double value = 0;
  bool percent = false;
};

/// Independent of the locale. Throws InputError unless a finite number comes next.
WrittenNumber read_number(Cursor& cursor);

}  // namespace evenface::study
