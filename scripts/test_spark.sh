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

# Six processes load the same ten thousand classes. The first run lists them, and keeps them in one file for the next.
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
version=$({ "$java" -version; cat .venv/stamp; } 2>&1 | cksum | cut -d ' ' -f 1)
export STANNARY_SPARK_CLASSES="$PWD/.venv/spark-$version.classes"
[ -f "$STANNARY_SPARK_CLASSES" ] || rm -f .venv/spark-*
.venv/bin/python -m pytest tests/engines/spark -q "$@"

[ $# -gt 0 ] || [ -f "$STANNARY_SPARK_CLASSES" ] && exit 0
say "keeping Spark's classes for the next run, which spares it a third of its work; takes half a minute, once"
new=$STANNARY_SPARK_CLASSES.new
cat "$STANNARY_SPARK_CLASSES".*.list | grep -v -e '^#' -e 'source:' | sort -u > "$new.list"
from=$(cd tests && ../.venv/bin/python -c 'from engines.spark.cluster import class_path; print(class_path())')
if "$java" -Xshare:dump -XX:SharedClassListFile="$new.list" -XX:SharedArchiveFile="$new" -Xlog:disable -cp "$from" >/dev/null; then
  mv "$new" "$STANNARY_SPARK_CLASSES"
else
  say "they could not be kept; the tests passed, and the next run takes as long as this one"
fi
rm -f "$STANNARY_SPARK_CLASSES".*
