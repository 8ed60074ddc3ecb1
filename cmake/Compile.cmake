# How every target of the project is compiled.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, RelWithDebInfo or Debug" FORCE)
endif()
option(EVENFACE_WARNINGS_AS_ERRORS "Stop at the first warning" OFF)
set(EVENFACE_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=, e.g. address,undefined")
option(EVENFACE_COVERAGE "Record line coverage" OFF)
option(EVENFACE_BENCH "Build the benchmarks" OFF)
option(EVENFACE_FUZZ "Build the fuzzers (clang only)" OFF)

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O2")  # assertions stay on: a broken promise must end the program

find_program(CCACHE ccache)
if(CCACHE)
  # Without this sloppiness ccache refuses every file that uses a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

add_library(evenface_compile INTERFACE)
target_include_directories(evenface_compile INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(evenface_compile INTERFACE -Wall -Wextra -Wpedantic
                       $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local> -Wnon-virtual-dtor -Wno-missing-field-initializers
                       # libstdc++ 12's own stable_sort, as clang sees it
                       $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
target_compile_definitions(evenface_compile INTERFACE
  $<$<NOT:$<CONFIG:Release>>:_GLIBCXX_ASSERTIONS> FMT_USE_CONSTEVAL=0 EVENFACE_VERSION="${PROJECT_VERSION}")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC collects its garbage from 128 MiB on by itself: up to a tenth of the time of a file that needs more.
  target_compile_options(evenface_compile INTERFACE "SHELL:--param ggc-min-heapsize=524288")
endif()
if(CCACHE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(evenface_compile INTERFACE -fpch-preprocess)
endif()
if(EVENFACE_WARNINGS_AS_ERRORS)
  target_compile_options(evenface_compile INTERFACE -Werror)
endif()
if(EVENFACE_SANITIZE)
  target_compile_options(evenface_compile INTERFACE -fsanitize=${EVENFACE_SANITIZE} -fno-omit-frame-pointer
                         -fno-sanitize-recover=all)
  target_link_options(evenface_compile INTERFACE -fsanitize=${EVENFACE_SANITIZE})
endif()
if(EVENFACE_COVERAGE)
  target_compile_options(evenface_compile INTERFACE --coverage)
  target_link_options(evenface_compile INTERFACE --coverage)
endif()
