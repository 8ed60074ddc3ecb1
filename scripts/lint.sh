#!/usr/bin/env bash
# Looks at the sources without running them. Changes nothing; `make format` mends
# what can be mended by machine.
#   scripts/lint.sh <jobs>
set -uo pipefail
cd "$(dirname "$0")/.."
jobs=$1
failed=()

step() { # name, command...
  local name=$1
  shift
  echo "lint: $name"
  "$@" || failed+=("$name")
}

sources() { git ls-files --cached --others --exclude-standard "$@" | while read -r file; do [ -f "$file" ] && echo "$file"; done; }

check_format() { sources '*.h' '*.cpp' | xargs .venv/bin/clang-format --dry-run -Werror; }

# A file is read again only when it, a header or the settings changed since it passed.
# Tests, and modules whose every file drags in torch, are left to the compiler's warnings.
check_tidy() {
  local newest stamps=build/lint
  newest=$(sources 'src/*.h' .clang-tidy | xargs ls -t | sed -n 1p)
  sources 'src/*.cpp' | grep -vE '_test\.cpp$|^src/evenface/(net|infer|train)/' | while read -r file; do
    local stamp=$stamps/$file
    [ "$stamp" -nt "$file" ] && [ "$stamp" -nt "$newest" ] || echo "$file"
  done | xargs -r -P "$jobs" -I{} sh -c '
    .venv/bin/clang-tidy -p build/release --quiet --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-ignored-gch {} 2>&1 |
      grep -vE "^[0-9]+ warnings? generated\.$" && exit 1
    mkdir -p "$(dirname "build/lint/{}")" && touch "build/lint/{}"'
}

check_page() {
  grep -q '"lint"' web/package.json 2>/dev/null || return 0
  npm --prefix web run --silent lint
}

cmake --preset release --log-level=WARNING > /dev/null || exit 1
step "clang-format" check_format
step "clang-tidy" check_tidy
step "ruff format" .venv/bin/ruff format --check --quiet .
step "ruff" .venv/bin/ruff check --quiet .
step "include rules" .venv/bin/python tests/include_rules.py --modules build/release/modules.json
step "the page" check_page

if [ ${#failed[@]} -gt 0 ]; then
  printf 'lint failed: %s\n' "${failed[@]}"
  exit 1
fi
