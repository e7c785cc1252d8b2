#!/usr/bin/env bash
# Runs the targets one after the other, each for so many seconds: fuzz/run.sh [SECONDS] [TARGET]...
# Needs cargo-fuzz. A nightly compiler is only needed for sanitizers, which safe code does without.
set -euo pipefail
cd "$(dirname "$0")/.."
export RUSTC_BOOTSTRAP=1
seconds=${1:-600}
shift || true
[ $# -gt 0 ] || set -- parse layouts check redact report
for target; do
    mkdir -p "fuzz/corpus/$target"
    cargo fuzz run --sanitizer none "$target" "fuzz/corpus/$target" samples/* tests/cmd/fixtures -- \
        -max_total_time="$seconds" -dict=fuzz/mews.dict -max_len=4096 -timeout=10 -print_final_stats=1
done
