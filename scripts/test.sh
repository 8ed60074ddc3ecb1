#!/usr/bin/env bash
# Builds and runs the tests of the release build, then those of some modules under address
# and undefined sanitizers, lists what was skipped and why, and ends with ctest's
# own summaries.
#   scripts/test.sh <jobs> <module>...
set -uo pipefail
cd "$(dirname "$0")/.."
jobs=$1
shift
modules=("$@")

# Several tests run at a time: torch's threads that wait for each other by spinning would take the processors from the
# others, and fine-tuning four times as long.
export OMP_WAIT_POLICY=passive

failed=0
run_tests() { # preset, further ctest arguments
  local preset=$1
  shift
  ctest --test-dir "build/$preset" -j "$jobs" --output-on-failure --no-tests=error \
    --output-junit "$PWD/build/$preset/tests.xml" "$@" | tee "build/$preset/tests.log" || failed=1
}

cmake --build --preset release -j "$jobs" || exit 1
run_tests release

echo "== address and undefined sanitizers: ${modules[*]}"
cmake --preset asan --log-level=WARNING > /dev/null && cmake --build --preset asan -j "$jobs" || exit 1
run_tests asan --label-regex "^($(IFS='|'; echo "${modules[*]}"))$"

for preset in release asan; do
  echo
  echo "== $preset"
  .venv/bin/python scripts/skipped_tests.py "build/$preset/tests.xml"
  grep -A100 -E '^[0-9]+% tests passed' "build/$preset/tests.log" | grep -vE '^$|Label Time|sec\*proc|did not run|\(Skipped\)'
done
exit "$failed"
