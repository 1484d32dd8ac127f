#!/bin/sh
# Everything: checks, the tests of core and how much of it they reach, then all others on SQLite and PostgreSQL at once,
# and how much of the web they reach; their summary is the last thing to be read. With arguments, which go to one run,
# nothing is asked of coverage.
set -eu
cd "$(dirname "$0")/.."
say() { printf '%s\n' "stannary: $*" >&2; }

# A browser that starts: on Ubuntu the package of this name is only a pointer to a snap, which may not be there.
browser() {
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    [ -n "$name" ] && "$name" --version >/dev/null 2>&1 && command -v "$name" && return
  done
  .venv/bin/python -c '
import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    path = p.chromium.executable_path
sys.exit(not os.path.exists(path) or print(path))' 2>/dev/null
}
missing=""
command -v pg_virtualenv >/dev/null 2>&1 || missing="$missing postgresql"
command -v xgettext >/dev/null 2>&1 || missing="$missing gettext"
found=$(browser) || missing="$missing chromium"
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "installing what the tests need:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    for package in $missing; do
      apt-get install -y -qq --no-install-recommends "$package" >/dev/null || say "$package cannot be installed"
    done
    found=$(browser) || .venv/bin/python -m playwright install --with-deps chromium || true
    found=$(browser) || { say "no browser can be installed here. Install Chromium, or name one: make test CHROMIUM=/path/to/it"; exit 2; }
  else
    say "the tests need$missing. Ask whoever runs this machine for: apt-get install$missing"
    exit 2
  fi
fi
export CHROMIUM="$found"

sh scripts/check.sh
.venv/bin/python scripts/catalogues.py compile
.venv/bin/python scripts/build_map.py
unset STANNARY_HOME STANNARY_SECRET_KEY STANNARY_DATABASE_URL DJANGO_SETTINGS_MODULE

export DJANGO_ALLOW_ASYNC_UNSAFE=true
if [ $# -eq 0 ]; then
  STANNARY_COVERED=core .venv/bin/python -m pytest -n 2 -q -p scripts.covered tests/core
  export STANNARY_COVERED=web
  set -- -p scripts.covered --ignore=tests/core
fi

# Two workers run the suite, one against each database; tests without a database run on one of them (tests/dealing.py).
# What the tests print goes past pg_virtualenv, so that their summary is the last thing to be read.
export STANNARY_TEST_BOTH=1
exec 3>&1
exec pg_virtualenv -t -o fsync=off sh -c 'exec .venv/bin/python -m pytest -n 2 --dist each -q "$@" >&3' pytest "$@" >/dev/null
