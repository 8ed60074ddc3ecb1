#pragma once
#include <nlohmann/json.hpp>

// Precompiled in place of <nlohmann/json.hpp>. The class is instantiated once, in json_once.cpp, and not in each of the
// hundred files that use it, which takes a third of the time that they take to compile.
extern template class nlohmann::basic_json<>;
