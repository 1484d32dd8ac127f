"""Settings. Everything that differs between places comes from STANNARY_* variables.

STANNARY_HOME          folder for the database, keys and collected files (default: ./var)
STANNARY_DATABASE_URL  default: SQLite in STANNARY_HOME; postgres://… for a server
STANNARY_HOSTS         names this site answers to, comma-separated (default: this machine only)
STANNARY_ORIGIN        address people see, for links in signed files (default: http://127.0.0.1:8000)
STANNARY_SECRET_KEY    default: made once and kept in STANNARY_HOME
STANNARY_SMTP_URL      server for mail, smtp://user:password@host:587/?tls=1; without it every mail
                       stays as a file in STANNARY_HOME/mail
STANNARY_MAIL_FROM     sender of mail (default: register@ the name in STANNARY_ORIGIN)
STANNARY_PROXIES       how many proxies of ours stand in front and add to X-Forwarded-For
                       (default: 1 if STANNARY_ORIGIN is https, else 0)
STANNARY_CLAMD         socket of ClamAV's daemon, /path or host:port; without it no file is scanned
STANNARY_PROVENANCE    "exact": trace material in the database alone, without the arrays beside it
STANNARY_DEMO          1 for a demonstration on this machine alone: see docs/adr/0012
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from stannary.web.project.environment import clamd_of, demonstration, smtp_of

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("STANNARY_HOME", "var")).resolve()
ORIGIN = os.environ.get("STANNARY_ORIGIN", "http://127.0.0.1:8000").rstrip("/")


def _secret_key() -> str:
    """Read the secret key, or make one that only the owner of the folder can read."""
    given = os.environ.get("STANNARY_SECRET_KEY")
    if given:
        return given
    file = HOME / "secret-key"
    if not file.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(64))
    return file.read_text()


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("STANNARY_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
DEMONSTRATION = demonstration(
    os.environ.get("STANNARY_DEMO", ""), hosts=ALLOWED_HOSTS, origin=ORIGIN
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "stannary.web.project",
    "stannary.web.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "stannary.web.parties",
    "stannary.web.transparency_log",
    "stannary.web.standards",
    "stannary.web.crosswalks",
    "stannary.web.independence",
    "stannary.web.cycle",
    "stannary.web.evidence",
    "stannary.web.assessments",
    "stannary.web.notebook",
    "stannary.web.corrections",
    "stannary.web.stakeholders",
    "stannary.web.publications",
    "stannary.web.attestations",
    "stannary.web.entities",
    "stannary.web.custody",
    "stannary.web.transactions",
    "stannary.web.claims",
    "stannary.web.totals",
    "stannary.web.restatements",
    "stannary.web.register",
    "stannary.web.verification",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "stannary.web.project.middleware.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "stannary.web.project.middleware.NoNullMiddleware",
    "stannary.web.accounts.limits.TooManyTriesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "stannary.web.accounts.gate.SecondFactorMiddleware",
    "stannary.web.project.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "stannary.web.project.urls"
WSGI_APPLICATION = "stannary.web.project.wsgi.application"
AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = ["stannary.web.accounts.backend.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "work"
LOGOUT_REDIRECT_URL = "home"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["stannary.web.project.templatetags.stannary"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "stannary.web.project.context.site",
            ],
        },
    }
]

DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        os.environ.get("STANNARY_DATABASE_URL", f"sqlite:///{HOME / 'stannary.sqlite3'}")
    )
}
SQLITE_OPTIONS = {
    # IMMEDIATE takes the write lock when a transaction begins, so two writers queue
    # instead of one failing with "database is locked".
    "transaction_mode": "IMMEDIATE",
    "timeout": 60,  # a file of 100 000 movements was written in some 20 seconds
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY;",
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
# Limits on tries are counted here, so that all workers, on one machine or several, count together.
# Taking a place in this cache is atomic, which the file cache does not promise.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_limits",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # a flood of names must not push the others out
    }
}
# Jobs wait in the database itself: what is queued in a transaction is there when that is.
TASKS: dict[str, Any] = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [HOME / "assets"] if (HOME / "assets").is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "stannary.web.project.views.csrf_failure"
if ORIGIN.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = [ORIGIN]

DATA_UPLOAD_MAX_MEMORY_SIZE = 21 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 21 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000
DATA_UPLOAD_MAX_NUMBER_FILES = 4
UPLOAD_MAX = 50_000_000  # of one file: as much as evidence may be
FILE_UPLOAD_HANDLERS = [
    "stannary.web.project.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

EVIDENCE_FOLDER = HOME / "evidence"
PROVENANCE_FOLDER = HOME / "provenance"  # a copy of the book for tracing, made anew when lost
PROVENANCE_ENGINE = os.environ.get("STANNARY_PROVENANCE", "arrays")
REPORTS_FOLDER = HOME / "reports"  # files made of published results, kept to be read again
REPORTS_MAX_BYTES = 500_000_000
REPORT_TEMPLATE = HOME / "report"  # an organisation's own, see docs/howto/change-the-report.md
CLAMD = clamd_of(os.environ.get("STANNARY_CLAMD", ""))
CLAMD_SECONDS = 60

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SECOND_FACTOR_ROLES: tuple[str, ...] = ("auditor", "lead_auditor", "reviewer", "secretariat")
ACCOUNT_ADAPTER = "stannary.web.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"  # an invited address is confirmed by using its link
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "stannary.web.parties.tokens.LinkTokens"  # noqa: S105 - a name
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(ORIGIN).scheme
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key", "login": "60/m/ip"}
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600  # of an invitation; other links end earlier, see LinkTokens
ALLAUTH_TRUSTED_PROXY_COUNT = int(
    os.environ.get("STANNARY_PROXIES", "1" if ORIGIN.startswith("https://") else "0")
)
MFA_ADAPTER = "stannary.web.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody makes an account in another's name here
MFA_FORMS = {
    "authenticate": "stannary.web.accounts.forms.CodeForm",
    "reauthenticate": "stannary.web.accounts.forms.AgainCodeForm",
    "add_webauthn": "stannary.web.accounts.forms.PasskeyForm",
}

SMTP = smtp_of(os.environ.get("STANNARY_SMTP_URL", ""))
MAIL_FOLDER = HOME / "mail"
EMAIL_BACKEND = "stannary.web.project.mail.SpoolBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get(
    "STANNARY_MAIL_FROM", f"Stannary <register@{urlsplit(ORIGIN).hostname}>"
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_secrets": {"()": "stannary.web.project.logs.WithoutSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["without_secrets"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
