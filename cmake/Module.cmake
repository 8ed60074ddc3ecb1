# evenface_precompile(<name> [HEADERS <headers>...] [LIBRARIES <third parties>...])
#
# Declares headers that modules and, with GoogleMock, their tests precompile once for all of them.
function(evenface_precompile name)
  cmake_parse_arguments(arg "" "" "HEADERS;LIBRARIES" ${ARGN})
  set(main ${PROJECT_BINARY_DIR}/precompiled.cpp)
  file(CONFIGURE OUTPUT ${main} CONTENT "int main() {}\n")
  # Each as what uses it is, for code of libraries and of programs differs.
  add_library(precompiled_${name} OBJECT EXCLUDE_FROM_ALL ${main})
  target_link_libraries(precompiled_${name} PRIVATE evenface_compile fmt::fmt spdlog::spdlog ${arg_LIBRARIES})
  add_executable(precompiled_${name}_test EXCLUDE_FROM_ALL ${main})
  evenface_compile_as_test(precompiled_${name}_test)
  target_link_libraries(precompiled_${name}_test PRIVATE evenface_compile fmt::fmt spdlog::spdlog ${arg_LIBRARIES})
  if(arg_HEADERS)
    target_precompile_headers(precompiled_${name} PRIVATE ${arg_HEADERS})
  endif()
  target_precompile_headers(precompiled_${name}_test PRIVATE ${arg_HEADERS} <gmock/gmock.h>)
endfunction()

# Tests are built more often than they run long: -O1 takes two thirds of the time of -O2.
function(evenface_compile_as_test target)
  target_link_libraries(${target} PRIVATE GTest::gmock GTest::gtest_main rapidcheck)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# evenface_module(<name> [PRECOMPILED <name>] [MODULES <modules above it>...] [HEADERS <modules>...]
#                 [LIBRARIES <third parties>...])
#
# Declares src/evenface/<name> as a static library evenface::<name>, its unit
# tests (<name>_test, every *_test.cpp), and what it may include. Modules under
# HEADERS may be included too, and a program links them if it will.
set_property(GLOBAL PROPERTY evenface_modules "")

function(evenface_module name)
  cmake_parse_arguments(arg "" "PRECOMPILED" "MODULES;HEADERS;LIBRARIES" ${ARGN})
  set(folder ${PROJECT_SOURCE_DIR}/src/evenface/${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp ${folder}/*.h)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$|/main[^/]*\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  add_library(evenface_${name} STATIC ${sources})
  set_target_properties(evenface_${name} PROPERTIES LINKER_LANGUAGE CXX)
  add_library(evenface::${name} ALIAS evenface_${name})
  list(TRANSFORM arg_MODULES PREPEND evenface:: OUTPUT_VARIABLE modules)
  target_link_libraries(evenface_${name} PUBLIC evenface_compile ${modules} ${arg_LIBRARIES})
  if(arg_PRECOMPILED)
    target_precompile_headers(evenface_${name} REUSE_FROM precompiled_${arg_PRECOMPILED})
  else()
    set(arg_PRECOMPILED plain)
  endif()

  if(tests)
    add_executable(${name}_test ${tests})
    evenface_compile_as_test(${name}_test)
    target_link_libraries(${name}_test PRIVATE evenface::${name})
    # Where reference numbers stand.
    target_compile_definitions(${name}_test PRIVATE EVENFACE_SOURCE="${PROJECT_SOURCE_DIR}")
    target_precompile_headers(${name}_test REUSE_FROM precompiled_${arg_PRECOMPILED}_test)
    # Discovered when ctest runs, so that building needs no run and a sanitizer's options apply.
    # One label only: CMake 3.25 loses a list of them, and every property after it.
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 TEST_PREFIX ${name}.
                         PROPERTIES LABELS ${name} TIMEOUT 600)
  endif()

  list(APPEND arg_MODULES ${arg_HEADERS})
  list(JOIN arg_MODULES "\", \"" allowed)
  set_property(GLOBAL APPEND_STRING PROPERTY evenface_modules "  \"${name}\": [\"${allowed}\"],\n")
endfunction()

# Writes the declared order for tests/include_rules.py.
function(evenface_write_module_list)
  get_property(modules GLOBAL PROPERTY evenface_modules)
  string(REGEX REPLACE ",\n$" "\n" modules "${modules}")
  string(REPLACE "[\"\"]" "[]" modules "${modules}")
  file(WRITE ${PROJECT_BINARY_DIR}/modules.json "{\n${modules}}\n")
endfunction()

# evenface_program(<name> SOURCE <file with main()> MODULES <modules>...)
function(evenface_program name)
  cmake_parse_arguments(arg "" "SOURCE" "MODULES" ${ARGN})
  list(TRANSFORM arg_MODULES PREPEND evenface::)
  add_executable(${name} ${PROJECT_SOURCE_DIR}/src/evenface/${arg_SOURCE})
  target_link_libraries(${name} PRIVATE ${arg_MODULES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()
