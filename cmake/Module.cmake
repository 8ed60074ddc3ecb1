# evenface_module(<name> [PRECOMPILE <headers>...] [MODULES <modules above it>...] [LIBRARIES <third parties>...])
#
# Declares src/evenface/<name> as a static library evenface::<name>, its unit
# tests (<name>_test, every *_test.cpp), and what it may include. Headers that most
# of its files include and that take long to read are precompiled once a target.
set_property(GLOBAL PROPERTY evenface_modules "")

function(evenface_module name)
  cmake_parse_arguments(arg "" "" "PRECOMPILE;MODULES;LIBRARIES" ${ARGN})
  set(folder ${PROJECT_SOURCE_DIR}/src/evenface/${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp ${folder}/*.h)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$|/main\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  add_library(evenface_${name} STATIC ${sources})
  set_target_properties(evenface_${name} PROPERTIES LINKER_LANGUAGE CXX)
  add_library(evenface::${name} ALIAS evenface_${name})
  list(TRANSFORM arg_MODULES PREPEND evenface:: OUTPUT_VARIABLE modules)
  target_link_libraries(evenface_${name} PUBLIC evenface_compile ${modules} ${arg_LIBRARIES})
  if(arg_PRECOMPILE)
    target_precompile_headers(evenface_${name} PRIVATE ${arg_PRECOMPILE})
  endif()

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE evenface::${name} GTest::gmock GTest::gtest_main rapidcheck)
    # Where reference numbers stand.
    target_compile_definitions(${name}_test PRIVATE EVENFACE_SOURCE="${PROJECT_SOURCE_DIR}")
    target_precompile_headers(${name}_test PRIVATE ${arg_PRECOMPILE} <gmock/gmock.h>)
    # Discovered when ctest runs, so that building needs no run and a sanitizer's options apply.
    # One label only: CMake 3.25 loses a list of them, and every property after it.
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 TEST_PREFIX ${name}.
                         PROPERTIES LABELS ${name} TIMEOUT 600)
  endif()

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

# evenface_program(<name> MODULE <module with main.cpp>)
function(evenface_program name)
  cmake_parse_arguments(arg "" "MODULE" "" ${ARGN})
  add_executable(${name} ${PROJECT_SOURCE_DIR}/src/evenface/${arg_MODULE}/main.cpp)
  target_link_libraries(${name} PRIVATE evenface::${arg_MODULE})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()
