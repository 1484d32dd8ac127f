#!/bin/sh
# Format, lint, types, imports, generated docs: everything that needs no test. Types take longest and run beside the rest.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
step() { printf '%s ' "$1"; shift; if "$@" >.venv/check.log 2>&1; then echo ok; else echo FAILED; cat .venv/check.log; exit 1; fi; }
types() { wait "$typing" || { cat .venv/types.log; return 1; }; }
$bin/mypy >.venv/types.log 2>&1 &
typing=$!
trap 'kill "$typing" 2>/dev/null || true' EXIT
step "format"  $bin/ruff format --check src tests scripts benchmarks
step "lint"    $bin/ruff check src tests scripts benchmarks
step "imports" $bin/lint-imports
step "docs"    $bin/python scripts/reference.py --check
step "types"   types
