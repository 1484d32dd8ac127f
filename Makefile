# make run    install what is needed, load the data, serve on http://127.0.0.1:8000 (PORT=…)
# make test   install what the tests need, run everything on SQLite and PostgreSQL
# make check  format, lint, types, imports, docs      make fix    let the tools correct what they can
# make coverage  which lines and branches of core and web the tests reach, and whether that is enough
# make test-spark  install PySpark, and trace on a cluster of two workers that is started for it
# make bench  speed, measured in one run              make docs   write the generated reference pages
.PHONY: run test test-spark check coverage fix bench docs lock
.DEFAULT_GOAL := run

PORT ?= 8000
PYTHON ?= python3
export PYTHON

run:
	@sh scripts/setup.sh web
	@PORT=$(PORT) exec .venv/bin/python scripts/run.py

test:
	@sh scripts/setup.sh dev
	@sh scripts/test.sh

test-spark:
	@sh scripts/setup.sh spark
	@sh scripts/test_spark.sh

check:
	@sh scripts/setup.sh dev
	@sh scripts/check.sh

coverage:
	@sh scripts/setup.sh dev
	@.venv/bin/python scripts/covered.py -n 2 --dist loadfile

fix:
	@sh scripts/setup.sh dev
	.venv/bin/ruff check --fix src tests scripts
	.venv/bin/ruff format src tests scripts

bench:
	@sh scripts/setup.sh bench
	.venv/bin/python benchmarks/run.py
	.venv/bin/python -m benchmarks.crosswalks
	.venv/bin/python -m benchmarks.scoring
	.venv/bin/python -m benchmarks.provenance 1e6 1e7
	.venv/bin/python -m benchmarks.registry 100000
	.venv/bin/python -m benchmarks.reports
	.venv/bin/python -m benchmarks.audit
	.venv/bin/python -m benchmarks.posting

docs:
	@sh scripts/setup.sh dev
	.venv/bin/python scripts/reference.py

# For maintainers: choose new versions, write the hashed lists without any address.
lock:
	@sh scripts/setup.sh dev
	sh scripts/lock.sh
