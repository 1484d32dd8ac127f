"""Settings for tests: throw-away folders, fast password hashes, either database."""

import os
import tempfile

_HOME = tempfile.mkdtemp(prefix="stannary-test-")
os.environ.setdefault("STANNARY_HOME", _HOME)
os.environ.setdefault("STANNARY_SECRET_KEY", "only-for-tests-" + "x" * 50)

from stannary.web.project.settings import *  # noqa: E402, F403
from stannary.web.project.settings import DATABASES, SQLITE_OPTIONS, STORAGES  # noqa: E402

if os.environ.get("STANNARY_TEST_DATABASE") == "postgresql":
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
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
