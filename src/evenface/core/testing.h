#pragma once
#include <string>

#include "evenface/core/error.h"

// What the tests of all modules share.
namespace evenface {

/// What the InputError says that `act` throws.
template <class Act>
std::string message_of(Act act) {
  try {
    act();
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace evenface
