#!/usr/bin/env bash
# Packs the program in all ways that one machine can, installs and runs what it packed, and checks the workflows
# and the Dockerfile. PROGRAM is a release build in the target folder. If it is in the folder of a target there,
# TARGET is the name of that target, such as x86_64-unknown-linux-musl.
#
# usage: packaging/check.sh [PROGRAM [TARGET]]
set -uo pipefail
cd "$(dirname "$0")/.." || exit

program=${1:-target/release/mewshook}
if [ ! -x "$program" ]; then
    echo "error: $program: no such program: build it by \`cargo build --release --locked\`" >&2
    exit 3
fi
tools=target/packaging-tools
export PATH=$PWD/$tools/bin:$PATH
passed=0 failed=0 skipped=0

# Installs the tools of tools.txt one by one, so that one that can't be installed does not affect the others.
install_tools() {
    [ -d $tools ] || python3 -m venv $tools || return
    local tool
    while read -r tool; do
        pip install --quiet --disable-pip-version-check "$tool" > "$tools/${tool%%=*}.log" 2>&1 ||
            echo "note: $tool can't be installed: see $tools/${tool%%=*}.log"
    done < packaging/tools.txt
}

# Runs a command if the tool that it needs is installed.
check() {
    local name=$1 tool=$2
    shift 2
    printf '\n== %s\n' "$name"
    if ! command -v "$tool" > /dev/null; then
        echo "skipped: $tool is not installed"
        skipped=$((skipped + 1))
    elif "$@"; then
        passed=$((passed + 1))
    else
        echo "failed: $*"
        failed=$((failed + 1))
    fi
}

install_tools
check "archives, Homebrew, cargo binstall" python3 packaging/check_archives.py "$program"
check "wheel" maturin packaging/wheel/check.py "$program" ${2:+"$2"}
check "npm packages" npm packaging/npm/check.py "$program" ${2:+"$2"}
check "workflows: schema" check-jsonschema check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
check "action: schema" check-jsonschema check-jsonschema --builtin-schema vendor.github-actions action.yml
check "workflows: jactionlint" jactionlint jactionlint .github/workflows/*.yml
check "workflows: actionlint" actionlint actionlint
check "workflows: zizmor" zizmor zizmor --quiet --offline --persona pedantic .github action.yml
check "Dockerfile" hadolint hadolint Dockerfile
check "scripts" shellcheck shellcheck packaging/check.sh .ci/run

printf '\n%d passed, %d failed, %d skipped\n' $passed $failed $skipped
[ $failed -eq 0 ]
