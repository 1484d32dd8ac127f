#!/bin/sh
# Makes .venv and installs one tier of locked dependencies: sh scripts/setup.sh core|web|dev|bench|spark
# Calling it again when nothing changed takes a moment. Every failure prints one line that says what to do.
set -eu
cd "$(dirname "$0")/.."
tier=${1:-web}
python=${PYTHON:-python3}
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "stannary: $*" >&2; }
stop() { say "$*"; exit 2; }

[ -f "requirements/$tier.txt" ] || stop "there is no tier '$tier'; use core, web, dev, bench or spark."
[ -w . ] || stop "this folder cannot be written to. Copy it to one that you own, then call make again there."
command -v "$python" >/dev/null 2>&1 || stop "Python is missing. Install Python 3.11 or newer, or name it: make run PYTHON=/path/to/python3.11"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || stop "$("$python" --version) is too old. Install Python 3.11 or newer, or name it: make run PYTHON=/path/to/python3.11"

if [ ! -x .venv/bin/uv ] || ! .venv/bin/python -c 'pass' 2>/dev/null; then
  rm -rf .venv
  if ! "$python" -m venv .venv >/dev/null 2>&1; then
    rm -rf .venv
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 \
      || stop "this Python cannot make virtual environments. Install the package python3-venv, then call make again."
    say "installing python3-venv"
    apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
    "$python" -m venv .venv
  fi
  .venv/bin/python -m pip install -q --disable-pip-version-check "uv>=0.9,<0.14" 2>.venv/setup.log \
    || { cat .venv/setup.log >&2; rm -rf .venv; stop "the installer could not be fetched. Check the network, then call make again."; }
fi
uv() { VIRTUAL_ENV="$PWD/.venv" .venv/bin/uv "$@"; }

# A larger environment also serves the smaller tiers, so `make run` after `make test` installs nothing; what only one
# tier has is installed when it is asked for.
case $tier in bench | spark) serving=$tier ;; *) serving="$tier dev bench spark" ;; esac
want=$(cat "requirements/$tier.txt" requirements/map.txt pyproject.toml | sha256sum | cut -c1-64)
for known in $serving; do
  [ -f "requirements/$known.txt" ] || continue
  have=$(cat "requirements/$known.txt" requirements/map.txt pyproject.toml | sha256sum | cut -c1-64)
  [ "$(cat .venv/stamp 2>/dev/null || true)" = "$known $have" ] && exit 0
done

rm -f .venv/stamp
say "installing the locked packages ($tier); the first time takes about half a minute"
uv pip sync -q --require-hashes --compile-bytecode "requirements/$tier.txt"
uv pip install -q --no-deps -e .
echo "$tier $want" > .venv/stamp
