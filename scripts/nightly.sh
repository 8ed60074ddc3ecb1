#!/usr/bin/env bash
# What takes too long for every change: thread sanitizer, coverage, fuzzers.
#   scripts/nightly.sh <jobs> <module>...      EVENFACE_FUZZ_SECONDS: time for each fuzzer (default 300)
set -uo pipefail
cd "$(dirname "$0")/.."
jobs=$1
shift
modules=("$@")
labels="^($(IFS='|'; echo "${modules[*]}"))$"
seconds=${EVENFACE_FUZZ_SECONDS:-300}
failed=()

build() { cmake --preset "$1" --log-level=WARNING > /dev/null && cmake --build --preset "$1" -j "$jobs"; }

thread_sanitizer() {
  build tsan && TSAN_OPTIONS="suppressions=$PWD/tests/thread_sanitizer.supp" ctest --test-dir build/tsan -j "$jobs" --output-on-failure --no-tests=error --label-regex "$labels"
}

coverage() {
  build coverage &&
    ctest --test-dir build/coverage -j "$jobs" --output-on-failure --no-tests=error --label-regex "$labels" &&
    gcovr --root . --filter src/evenface --exclude '.*_test\.cpp' --exclude-throw-branches \
      --html-details build/coverage/coverage.html --print-summary build/coverage
}

# Inputs that a fuzzer finds worth keeping stay in build/corpus for the next night. Where fuzz/ has a folder of
# seeds or a dictionary of that name, it begins with them.
fuzzers() {
  build fuzz || return 1
  local fuzzer name given
  for fuzzer in build/fuzz/fuzz/fuzz_*; do
    [ -x "$fuzzer" ] && [ -f "$fuzzer" ] || continue
    name=$(basename "$fuzzer")
    mkdir -p "build/corpus/$name"
    given=()
    [ -d "fuzz/seeds/${name#fuzz_}" ] && given+=("fuzz/seeds/${name#fuzz_}")
    [ -f "fuzz/${name#fuzz_}.dict" ] && given+=("-dict=fuzz/${name#fuzz_}.dict")
    "$fuzzer" -max_total_time="$seconds" -rss_limit_mb=4096 -print_final_stats=1 \
      -artifact_prefix="build/corpus/$name-" "build/corpus/$name" "${given[@]}" || return 1
  done
}

for step in thread_sanitizer coverage fuzzers; do
  echo "== $step"
  "$step" || failed+=("$step")
done
if [ ${#failed[@]} -gt 0 ]; then
  printf 'nightly failed: %s\n' "${failed[@]}"
  exit 1
fi
