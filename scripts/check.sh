#!/bin/sh
# Format, lint, types, imports, generated docs: everything that needs no test.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
step() { printf '%s ' "$1"; shift; if "$@" >.venv/check.log 2>&1; then echo ok; else echo FAILED; cat .venv/check.log; exit 1; fi; }
step "format"  $bin/ruff format --check src tests scripts benchmarks
step "lint"    $bin/ruff check src tests scripts benchmarks
step "types"   $bin/mypy
step "imports" $bin/lint-imports
step "docs"    $bin/python scripts/reference.py --check
