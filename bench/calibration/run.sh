#!/usr/bin/env bash
# Simulates what docs/calibration.md says, and writes that document.
#   bench/calibration/run.sh <build folder> <python, not used>
set -euo pipefail
cd "$(dirname "$0")/../.."
"$1/bench/calibration/calibration" docs/calibration.md
