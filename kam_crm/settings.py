"""Settings of every environment: development defaults, and production that fails loudly."""

import secrets
import sys
from pathlib import Path

import pghistory
import structlog
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env

from kam_crm import keeper

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
PRODUCTION = env.str("KAM_ENV", "development") == "production"
TESTING = "pytest" in sys.modules
DEBUG = not PRODUCTION and not TESTING

# Everything the installation keeps on this machine: cluster, sockets, uploads, the secret key.
KAM_DATA = keeper.data_folder()


def development_secret():
    """The key that the keeper wrote; a throw-away one for commands that start nothing."""
    kept = KAM_DATA / "secret_key"
    return kept.read_text() if kept.exists() else secrets.token_urlsafe(50)


SECRET_KEY = env.str("SECRET_KEY") if PRODUCTION else env.str("SECRET_KEY", development_secret())
ALLOWED_HOSTS = (
    env.list("ALLOWED_HOSTS") if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
# Served by `make run`, so that pages name the address that was printed.
SITE_URL = env.str("SITE_URL") if PRODUCTION else env.str("SITE_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "firm",
    "accounts",
    "segmentation",
    "kam_crm",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "template_partials",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "kam_crm.problems.middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "firm.middleware.person",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "firm.toasts.middleware",
    "pghistory.middleware.HistoryMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "kam_crm.urls"
WSGI_APPLICATION = "kam_crm.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kam_crm.shell.shell",
            ],
        },
    },
]

# --- data --------------------------------------------------------------------------------------

if PRODUCTION or env.str("DATABASE_URL", ""):
    DATABASES = {"default": env.dj_db_url("DATABASE_URL")}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "kam",
            "USER": "kam",
            "HOST": str(keeper.sockets(KAM_DATA)),
            "PORT": "5432",
        }
    }
DATABASES["default"].setdefault("OPTIONS", {})
# The pool hands out a connection that still works after PostgreSQL came back.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# The pool belongs to long-lived web processes: a worker closes its connection after each task.
if env.bool("KAM_POOL", False):
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": 8,
        "timeout": 10,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if PRODUCTION or env.str("REDIS_URL", ""):
    REDIS_URL = env.str("REDIS_URL")
else:
    REDIS_URL = keeper.valkey_url(KAM_DATA)

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        # The cache speaks redis-py's addresses, Celery its own.
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
        "KEY_PREFIX": "kam",
    }
}

# --- workers -----------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
# What rings for a worker when a page adds a job.
WAKE_WORKERS = "kam_crm.celery.wake"
WAKE_SENDERS = "kam_crm.celery.wake_senders"
# PostgreSQL holds every job; a message only wakes a worker. These make a lost message cheap.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 6 * 3600,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = env.str("KAM_TIME_ZONE", "UTC")
CELERY_BEAT_SCHEDULE_FILENAME = str(KAM_DATA / "beat")
# The night, readable: each line is safe to repeat, and the sweep catches what a line missed.
CELERY_BEAT_SCHEDULE = {
    "the nightly run": {
        "task": "kam_crm.tasks.nightly",
        "schedule": crontab(hour=2, minute=0),
    },
    # Every quarter of an hour: it is eight in the morning somewhere.
    "the morning's digests": {
        "task": "kam_crm.tasks.digests",
        "schedule": crontab(minute="*/15"),
    },
    "sweep": {"task": "kam_crm.tasks.sweep", "schedule": 30.0},
    "webhooks": {
        "task": "kam_crm.tasks.deliver",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
}

# --- webhooks ----------------------------------------------------------------------------------

# Where they may point. The networks are let through beside the open internet: for a receiver
# within the house, at the price that whoever has webhooks may speak to everything there.
WEBHOOK_PORTS = [int(port) for port in env.list("KAM_WEBHOOK_PORTS", ["443", "80", "8443"])]
WEBHOOK_ALLOW_HTTP = env.bool("KAM_WEBHOOK_HTTP", False) and not PRODUCTION
WEBHOOK_ALLOWED_NETWORKS: list[str] = env.list("KAM_WEBHOOK_NETWORKS", [])
# How many are sent at a time.
WEBHOOK_SENDERS = env.int("KAM_WEBHOOK_SENDERS", 8)

# --- people ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "firm.User"
AUTHENTICATION_BACKENDS = ["firm.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:  # slow hashing protects real passwords only
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "firm.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}

# Panels of an account's page, in order: each is an address of the room that owns its facts.
ACCOUNT_PANELS = [
    "segmentation:months",
    "segmentation:group",
    "segmentation:history",
    "accounts:newest_lines",
    "accounts:record",
]
# The page that explains the figures of an account; takes `?figure=`.
ACCOUNT_EXPLANATION = "segmentation:explain_account"
# What a notice may tell of, and who says which of those a person may still see.
NOTICE_SUBJECTS = {
    "flag": "segmentation.flags.seen_by",
    "webhook": "firm.webhooks.reading.seen_by",
}

PGHISTORY_DEFAULT_TRACKERS = (
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "firm.tokens.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "firm.tokens.HasScope",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["firm.throttle.PerCaller"],
    "DEFAULT_PARSER_CLASSES": ["firm.parsers.Json"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "kam_crm.paging.Keyset",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "kam_crm.problems.handler",
    "COERCE_DECIMAL_TO_STRING": True,
}
# What one token, or one person's session, may ask of the API: so many requests a s, m or h.
API_RATE = env.str("KAM_API_RATE", "") or "3000/m"
SPECTACULAR_SETTINGS = {
    "TITLE": "KAM CRM",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated", "firm.tokens.HasScope"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "kam_crm.schema.document",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "AccountKind": "accounts.models.Account.Kind",
        "FlagKind": "segmentation.models.Flag.Kind",
    },
}
KNOX_TOKEN_MODEL = "firm.ApiToken"  # noqa: S105
REST_KNOX = {
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_PREFIX": "kam_",
    "TOKEN_TTL": None,
}

# --- words and days ----------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("ru", _("Russian")),
    ("it", _("Italian")),
    ("zh-hans", _("Chinese (simplified)")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
# The company's: the nightly run's day is the calendar day that has just ended here.
TIME_ZONE = env.str("KAM_TIME_ZONE", "UTC")

# --- files -------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("KAM_STATIC", str(BASE_DIR / "build" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", BASE_DIR / "build" / "vendor")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
MEDIA_ROOT = KAM_DATA / "media"
# What can be imported; and how large an upload may be, as it comes and unpacked.
IMPORT_TARGETS = "kam_crm.sources.TARGETS"
IMPORT_UPLOAD_BYTES = env.int("KAM_IMPORT_MEGABYTES", 200) << 20
IMPORT_UNPACKED_BYTES = env.int("KAM_IMPORT_UNPACKED_MEGABYTES", 4096) << 20

# --- mail --------------------------------------------------------------------------------------

if PRODUCTION:
    vars().update(env.dj_email_url("EMAIL_URL"))
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    DEFAULT_FROM_EMAIL = "KAM CRM <kam@localhost>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- the browser's protection ------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

# --- logs --------------------------------------------------------------------------------------

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer()
            if PRODUCTION
            else structlog.dev.ConsoleRenderer(colors=False),
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso"),
            ],
        }
    },
    # Standard output belongs to what a command answers.
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django_structlog": {"level": "INFO" if PRODUCTION else "WARNING"},
    },
}
