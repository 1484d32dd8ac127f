"""Settings for tests: throw-away folders, fast password hashes, either database."""

import os
import tempfile

_HOME = tempfile.mkdtemp(prefix="stannary-test-")
os.environ.setdefault("STANNARY_HOME", _HOME)
os.environ.setdefault("STANNARY_SECRET_KEY", "only-for-tests-" + "x" * 50)

from stannary.web.project.settings import *  # noqa: E402, F403
from stannary.web.project.settings import (  # noqa: E402
    DATABASES,
    SQLITE_OPTIONS,
    STORAGES,
)

# In one run against both databases, worker gw0 has SQLite and gw1 has PostgreSQL.
_BOTH = os.environ.get("STANNARY_TEST_BOTH") == "1"
_SECOND_WORKER = os.environ.get("PYTEST_XDIST_WORKER") == "gw1"
POSTGRESQL = os.environ.get("STANNARY_TEST_DATABASE") == "postgresql" or (_BOTH and _SECOND_WORKER)

if POSTGRESQL:
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("PGDATABASE", "postgres"),
        "USER": os.environ.get("PGUSER", ""),
        "PASSWORD": os.environ.get("PGPASSWORD", ""),
        "HOST": os.environ.get("PGHOST", ""),
        "PORT": os.environ.get("PGPORT", ""),
    }
else:
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{os.environ['STANNARY_HOME']}/test.sqlite3",
        "OPTIONS": {**SQLITE_OPTIONS, "init_command": "PRAGMA synchronous=OFF;"},
        "TEST": {"NAME": f"{os.environ['STANNARY_HOME']}/test.sqlite3"},
    }

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]

# Tests sign people in directly, without what a person does at the door. Those of the door itself
# (tests/web/accounts) and the journeys switch this on again.
SECOND_FACTOR_ROLES = ()

# Tests are rolled back, and a copy of the book beside the database would not be. Those about the
# copy (tests/web/custody/test_tracing.py) switch it on.
PROVENANCE_ENGINE = "exact"
