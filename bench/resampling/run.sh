#!/usr/bin/env bash
# Fairlearn's bootstrap of the same rows first; then ours, held against it and against formulas, and timed.
#   run.sh <build folder> <python with fairlearn>
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$1/bench/resampling/resampling_bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$program" rows "$work/rows.csv"
"$2" "$here/fairlearn_bootstrap.py" "$work/rows.csv" "$work/fairlearn.txt"
"$program" measure "$work/fairlearn.txt"
