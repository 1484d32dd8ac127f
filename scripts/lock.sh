#!/bin/sh
# Writes the locked lists: hashed, without addresses, all tiers from one resolution. Takes what is at least two weeks old.
set -eu
cd "$(dirname "$0")/.."
before=$(date -u -d '14 days ago' +%Y-%m-%d)
compile() {
  out=$1; shift
  .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
    --exclude-newer "$before" "$@" -o "requirements/$out.txt"
}
compile all --all-extras pyproject.toml
compile core -c requirements/all.txt pyproject.toml
compile web --extra web --extra postgres -c requirements/all.txt pyproject.toml
compile dev --extra web --extra postgres --extra dev -c requirements/all.txt pyproject.toml
compile bench --extra web --extra postgres --extra dev --extra bench -c requirements/all.txt pyproject.toml
compile spark --extra web --extra postgres --extra dev --extra spark -c requirements/all.txt pyproject.toml
compile map --no-deps requirements/map.in
rm requirements/all.txt
if grep -n '://' requirements/*.txt; then echo "a lock file names an address" >&2; exit 1; fi
