#!/bin/sh
# The engine spark on a cluster of its own: a master and two workers on loopback, started and ended by the tests.
set -eu
cd "$(dirname "$0")/.."
say() { printf '%s\n' "stannary: $*" >&2; }

if ! command -v java >/dev/null 2>&1 && [ -z "${JAVA_HOME:-}" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "installing what Spark needs: default-jre-headless"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends default-jre-headless >/dev/null
  else
    say "Spark needs Java 17 or newer. Ask whoever runs this machine for: apt-get install default-jre-headless"
    exit 2
  fi
fi
export STANNARY_TEST_SPARK=1
exec .venv/bin/python -m pytest tests/engines/spark -q "$@"
