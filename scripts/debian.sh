#!/usr/bin/env bash
# Installs the Debian packages of a list that are missing.
#   scripts/debian.sh packages/debian.txt
# Without root it prints the one line to run as root and exits with 2.
set -euo pipefail

list=${1:?usage: scripts/debian.sh <list file>}

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

command -v dpkg-query >/dev/null || { echo "no dpkg-query: install what $list names in your system's way" >&2; exit 2; }
missing=()
while read -r package command; do
  if [ -n "$command" ] && command -v "$command" >/dev/null; then continue; fi
  installed "$package" || missing+=("$package")
done < <(sed 's/#.*//; /^[[:space:]]*$/d' "$list")
[ ${#missing[@]} -gt 0 ] || exit 0

line="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
if [ "$(id -u)" -ne 0 ]; then
  printf 'Debian packages are missing. Run as root, then start again:\n  %s\n' "$line" >&2
  exit 2
fi
echo "installing ${#missing[@]} Debian packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -qy --no-install-recommends "${missing[@]}"
