"""Settings, all from the environment. Every variable is described in .env.example.

SITE_MODE is `production` unless it says `local`. In production nothing secret has a default: a missing
variable stops the start with a sentence that names it. script/server and its sisters set `local`.
"""

import re
from datetime import timedelta
from email.headerregistry import Address
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from supportsite import logs
from supportsite.secret import local_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
# Services that pass secrets as files (Docker, systemd) may set a .env beside manage.py instead.
env.read_env(BASE_DIR / ".env", overwrite=False)

SITE_MODE = env.str("SITE_MODE", "production")
if SITE_MODE not in ("production", "local"):
    raise ImproperlyConfigured(f"SITE_MODE is “{SITE_MODE}”. Set it to “production” or “local”.")
LOCAL = SITE_MODE == "local"
DEBUG = env.bool("DEBUG", False)
if DEBUG and not LOCAL:
    raise ImproperlyConfigured("DEBUG shows private data to visitors. Unset it, or set SITE_MODE=local.")


def required(name: str, why: str) -> str:
    """The variable `name`, or a start that stops with a sentence saying which one is missing."""
    value: str = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {why} .env.example lists every variable.")
    return value


VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))

# --- who answers, and how people reach us ------------------------------------------------------------------

if LOCAL:
    SECRET_KEY = env.str("SECRET_KEY", "") or local_secret(VAR_DIR / "secret_key")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
    SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000")
else:
    SECRET_KEY = required("SECRET_KEY", "Make one with: openssl rand -base64 48.")
    ALLOWED_HOSTS = [h.strip() for h in required("ALLOWED_HOSTS", "Name the site's host.").split(",")]
    SITE_URL = env.str("SITE_URL", "") or f"https://{ALLOWED_HOSTS[0]}"
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# While this is set every page but help, exit and health says that the site is being looked after.
MAINTENANCE = env.bool("MAINTENANCE", False)
SITE_NAME = env.str("SITE_NAME", "Alongside")
# Where "Leave this site" goes: somewhere that raises no questions on a shared screen.
EXIT_URL = env.str("EXIT_URL", "https://www.bbc.co.uk/weather")
# Where people reach those who run the site: appeals, deletion, everything a page cannot do.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "") or f"contact@{ALLOWED_HOSTS[0]}"
# After so many hard cases in a day a moderator is offered a pause.
MODERATION_PAUSE_AFTER = env.int("MODERATION_PAUSE_AFTER", 5)
# Called, without anything about anybody, when a crisis case waits for longer than it should.
ON_CALL_WEBHOOK_URL = env.str("ON_CALL_WEBHOOK_URL", "")
if ON_CALL_WEBHOOK_URL and not ON_CALL_WEBHOOK_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("ON_CALL_WEBHOOK_URL is an address that begins with https:// or http://.")
# Who may join: open, invitation (whoever has a link that an administrator made), approval (an administrator lets each
# one in, who was not invited) or closed.
SIGN_UP = env.str("SIGN_UP", "open")
if SIGN_UP not in ("open", "invitation", "approval", "closed"):
    raise ImproperlyConfigured(f"SIGN_UP is “{SIGN_UP}”. Set it to “open”, “invitation”, “approval” or “closed”.")
# Whoever joins says that they are so old; everybody is asked again when it changes.
MINIMUM_AGE = env.int("MINIMUM_AGE", 18)
# Pages of staff open only to those who have a second step to sign in. The demo's people have none.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", not LOCAL)
ROOT_URLCONF = "supportsite.urls"
WSGI_APPLICATION = "supportsite.wsgi.application"

# --- when much is asked for at once (supportsite.front) -----------------------------------------------------

# Of each web process: how many requests it works on at most, and how many more may wait for that.
REQUESTS_AT_ONCE = env.int("REQUESTS_AT_ONCE", 4)
REQUESTS_WAITING = env.int("REQUESTS_WAITING", 256)
if REQUESTS_AT_ONCE < 1 or REQUESTS_WAITING < 1:
    raise ImproperlyConfigured("REQUESTS_AT_ONCE and REQUESTS_WAITING are numbers from 1.")

# --- data --------------------------------------------------------------------------------------------------

# A worker keeps one connection a process and needs no pool; the web processes share one.
DATABASE_POOL = env.bool("DATABASE_POOL", False)
_database: dict[str, Any] = environ.Env.db_url_config(
    required("DATABASE_URL", "It looks like postgres://user:password@host:5432/name.")
)
_database["ENGINE"] = "django.db.backends.postgresql"
_database.setdefault("OPTIONS", {})
# The queries of the pages that are opened most are prepared by each connection (core.built), but behind a pooler that
# cannot keep statements, such as PgBouncer before 1.21.
_prepares = env.bool("DATABASE_PREPARES", True)
_database["OPTIONS"]["prepare_threshold"] = 5 if _prepares else None
if _prepares:
    # Prepared once is planned once: left to itself, PostgreSQL plans some of them anew for each page, which takes it
    # three times as long as the rows. They go by keys, and mean the same whatever the values.
    _database["OPTIONS"].setdefault("options", "-c plan_cache_mode=force_generic_plan")
if DATABASE_POOL:
    from core import pooling  # which a worker need not load

    # One for each request that is worked on, so that none of them waits for one, and a few for what is on its way out.
    _pool_size = env.int("DATABASE_POOL_SIZE", REQUESTS_AT_ONCE + 4)
    if _pool_size < REQUESTS_AT_ONCE:
        raise ImproperlyConfigured(
            f"DATABASE_POOL_SIZE is {_pool_size}, and REQUESTS_AT_ONCE {REQUESTS_AT_ONCE}. Give each request that is "
            "worked on a connection, or leave DATABASE_POOL_SIZE out."
        )
    _database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": _pool_size, "timeout": 5, "check": pooling.check}
else:
    _database["CONN_MAX_AGE"] = 600
    _database["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = required("REDIS_URL", "It looks like redis://host:6379/0.")
CACHES = {
    "default": {
        "BACKEND": "supportsite.cache.QuickRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "alongside",
        # A cache that hangs must not hang a page.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}
SESSION_ENGINE = "supportsite.whose"
# Not in a cookie of their own, where what a member was told would stay on the device.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- background --------------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Publishing gives up fast: what was written stays in the outbox, and the sweep delivers it later.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
    "max_retries": 0,
    "visibility_timeout": 900,
    "global_keyprefix": "alongside:celery:",
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Less than visibility_timeout above, after which a task is given to somebody else.
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
# At each of its steps a mail server may think for so long, and all of them together must fit into what a task has.
MAIL_TIMEOUT_SECONDS = 20
_one_mail = {"soft_time_limit": 6 * MAIL_TIMEOUT_SECONDS, "time_limit": 7 * MAIL_TIMEOUT_SECONDS + 10}
CELERY_TASK_ANNOTATIONS = {
    "notifications.tasks.send_delivery": _one_mail,
    "notifications.tasks.send_digest": _one_mail,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_QUEUES = {name: {"exchange": name, "routing_key": name} for name in ("urgent", "default", "mail")}
CELERY_TASK_ROUTES = {
    "notifications.tasks.send_delivery": {"queue": "mail"},
    # Thousands of them leave in an hour of the morning; whatever else is in the queue goes first.
    "notifications.tasks.send_digest": {"queue": "mail", "priority": 9},
    "notifications.tasks.send_digests": {"queue": "mail", "priority": 9},
    "notifications.tasks.expand_event": {"queue": "urgent"},
    "notifications.tasks.expand_events": {"queue": "urgent"},
    "moderation.tasks.settle_decision": {"queue": "urgent"},
    "moderation.tasks.alert_overdue": {"queue": "urgent"},
    "moderation.tasks.confirm_outside_report": {"queue": "mail"},
    "moderation.tasks.answer_outside_report": {"queue": "mail"},
}
CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {"task": "notifications.tasks.sweep_outbox", "schedule": timedelta(minutes=1)},
    "make-digests": {"task": "notifications.tasks.make_digests", "schedule": crontab()},
    "settle-decisions": {"task": "moderation.tasks.settle_due", "schedule": timedelta(minutes=1)},
    "alert-overdue": {"task": "moderation.tasks.alert_overdue", "schedule": timedelta(minutes=1)},
    "mail-outside-reports": {"task": "moderation.tasks.mail_outside_reports", "schedule": timedelta(minutes=10)},
    # At the full minute, so that a gathering opens when its hour strikes.
    "gatherings": {"task": "forums.tasks.run_gatherings", "schedule": crontab()},
    "long-waits": {"task": "forums.tasks.tell_long_waits", "schedule": timedelta(minutes=10)},
    "index-missing": {"task": "forums.tasks.index_missing", "schedule": timedelta(minutes=10)},
    "search-words": {"task": "forums.tasks.rebuild_search_words", "schedule": crontab(hour="4", minute="10")},
    "publish-scheduled": {"task": "resources.tasks.publish_scheduled", "schedule": timedelta(minutes=5)},
    "readers": {"task": "resources.tasks.look_after_readers", "schedule": timedelta(minutes=5)},
    "check-links": {"task": "resources.tasks.check_links", "schedule": timedelta(minutes=1)},
    # Also after each change; this one is for a broker that was away, and for lines whose date is over.
    "keep-help-current": {"task": "resources.tasks.keep_help_current", "schedule": timedelta(minutes=10)},
    "reviews-due": {"task": "resources.tasks.tell_reviews_due", "schedule": crontab(hour="7", minute="20")},
    "questions": {"task": "resources.tasks.look_after_questions", "schedule": crontab(hour="3", minute="35")},
    # Whatever is over goes: sessions, addresses, words that were taken back, what nobody can appeal against any more.
    "purge": {"task": "members.tasks.purge", "schedule": crontab(hour="3", minute="30")},
    "leavings": {"task": "members.tasks.look_after_leavings", "schedule": timedelta(minutes=10)},
}
CELERY_BEAT_SCHEDULER = "supportsite.beat:PatientScheduler"
# One beat at a time holds this lock, and keeps beside it what ran when. Another takes over when the first has been
# silent for so long (seconds); both look every few seconds.
CELERY_REDBEAT_REDIS_URL = REDIS_URL
CELERY_REDBEAT_REDIS_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 2}
CELERY_REDBEAT_KEY_PREFIX = "alongside:beat:"
CELERY_REDBEAT_LOCK_TIMEOUT = 60
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
# News that waits for longer, though it need not, makes `manage.py outbox` and /readyz say so.
OUTBOX_LATE_MINUTES = env.int("OUTBOX_LATE_MINUTES", 10)
# Whoever knows it reads /metrics; without one there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

# --- parts -------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "supportsite",
    "forums",
    "resources",
    "moderation",
    "notifications",
    "members",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "wagtail.contrib.forms",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "pgtrigger",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Old phones on slow lines. Its random padding answers the BREACH attack on compressed pages with a token.
    "supportsite.middleware_gzip.QuickGZip",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "supportsite.middleware.content_security",
    "supportsite.middleware_pace.pictures",
    "supportsite.middleware.maintenance",
    "supportsite.middleware.wrong_methods",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "supportsite.whose.WhoseMiddleware",
    "supportsite.middleware.private_pages",
    "supportsite.middleware.SignInFirst",
    "supportsite.middleware_members.OfMembers",
    "supportsite.middleware_arriving.OwnCountry",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "supportsite.middleware.htmx_redirects",
    "allauth.account.middleware.AccountMiddleware",
]

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
                "django.template.context_processors.csp",
                "supportsite.context.site",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- accounts ----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "members.Member"
AUTHENTICATION_BACKENDS = ["supportsite.whose.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_PATH = "/accounts/login/"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "supportsite.adapter.Adapter"
ACCOUNT_FORMS = {
    "signup": "members.forms.SignupForm",
    "add_email": "members.forms.AddEmailForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_USERNAME_VALIDATORS = "members.names.username_validators"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if LOCAL else "https"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# One address, which another one takes the place of, once both have said so (members.adapter).
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# The link came to their own mailbox. It also lets them in where somebody else used up the tries for their name.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_USERNAME_BLACKLIST = ["you", "someone", "somebody", "nobody", "everyone", "deleted", "anonymous", "member"]
# By address (ip), by account (user), or by what was typed and where (key; members.adapter says what a key is).
ACCOUNT_RATE_LIMITS = {
    "signup": "20/h/ip",
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/h/ip,3/h/key",
    "reset_password_from_key": "20/m/ip",
    "confirm_email": "1/3m/key",
    "manage_email": "10/m/user",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
# Rate limits count by address. Behind a proxy that is the one before the last so many of X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
# Half a minute early or late: whoever is tired types slowly, and clocks of phones go wrong.
MFA_TOTP_TOLERANCE = 1
# Browsers take http://localhost for safe, and nothing else without TLS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL

# --- mail --------------------------------------------------------------------------------------------------

MAIL_DIR = VAR_DIR / "mail"
EMAIL_URL = env.str("EMAIL_URL", "")
MAIL_TO_FILES = LOCAL and not EMAIL_URL
# anymail+postmark://?server_token=…: through a provider's own interface.
_mail_url = urlsplit(EMAIL_URL)
MAIL_PROVIDER = _mail_url.scheme.removeprefix("anymail+") if _mail_url.scheme.startswith("anymail+") else ""
_provider_options = dict(parse_qsl(_mail_url.query)) if MAIL_PROVIDER else {}
if MAIL_PROVIDER and (not MAIL_PROVIDER.isidentifier() or find_spec(f"anymail.backends.{MAIL_PROVIDER}") is None):
    raise ImproperlyConfigured(f"EMAIL_URL names “{MAIL_PROVIDER}”, which django-anymail does not know.")
# Where a provider calls when a mail came back; only with a secret, user:password, that it sends along.
MAIL_EVENTS_SECRET = env.str("MAIL_EVENTS_SECRET", "")
MAIL_EVENTS_PROVIDER = (env.str("MAIL_EVENTS_PROVIDER", "") or MAIL_PROVIDER) if MAIL_EVENTS_SECRET else ""
if MAIL_EVENTS_SECRET and (":" not in MAIL_EVENTS_SECRET or not MAIL_EVENTS_PROVIDER):
    raise ImproperlyConfigured(
        "MAIL_EVENTS_SECRET looks like user:password, and needs MAIL_EVENTS_PROVIDER where EMAIL_URL names no provider."
    )
ANYMAIL = {
    **{f"{MAIL_EVENTS_PROVIDER or MAIL_PROVIDER}_{name}".upper(): value for name, value in _provider_options.items()},
    "WEBHOOK_SECRET": MAIL_EVENTS_SECRET,
}
if MAIL_PROVIDER:
    MAILERS = {
        "default": {
            "BACKEND": f"anymail.backends.{MAIL_PROVIDER}.EmailBackend",
            "OPTIONS": {
                **_provider_options,
                # Nobody is watched opening a mail, and no link leads over somebody else's server.
                "send_defaults": {"track_opens": False, "track_clicks": False},
                "ignore_unsupported_features": True,
                "requests_timeout": MAIL_TIMEOUT_SECONDS,
            },
        }
    }
elif MAIL_TO_FILES:
    MAILERS = {
        "default": {
            "BACKEND": "supportsite.mail.ReadableFiles",
            "OPTIONS": {"file_path": str(MAIL_DIR)},
        }
    }
else:
    _mail = environ.Env.email_url_config(required("EMAIL_URL", "It looks like smtp+tls://user:password@host:587."))
    MAILERS = {
        "default": {
            "BACKEND": _mail["EMAIL_BACKEND"],
            "OPTIONS": {
                "host": _mail.get("EMAIL_HOST"),
                "port": _mail.get("EMAIL_PORT"),
                "username": _mail.get("EMAIL_HOST_USER") or "",
                "password": _mail.get("EMAIL_HOST_PASSWORD") or "",
                "use_tls": _mail.get("EMAIL_USE_TLS", False),
                "use_ssl": _mail.get("EMAIL_USE_SSL", False),
                "timeout": MAIL_TIMEOUT_SECONDS,
            },
        }
    }
# A name with a comma in it would otherwise be two senders.
_usual_sender = Address(SITE_NAME, username="updates", domain="localhost" if LOCAL else ALLOWED_HOSTS[0])
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "") or str(_usual_sender)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# As many as the mail server likes to take from us; what is beyond it waits its turn.
MAILS_A_MINUTE = env.int("MAILS_A_MINUTE", 600)
# Where mails go that cannot be delivered, and the mailbox in which they are then found: imaps://user:password@host/INBOX,
# maildir:///path or mbox:///path.
RETURNS_ADDRESS = env.str("RETURNS_ADDRESS", "")
RETURNS_MAILBOX = env.str("RETURNS_MAILBOX", "")
if RETURNS_MAILBOX:
    if urlsplit(RETURNS_MAILBOX).scheme not in ("imaps", "imap", "maildir", "mbox"):
        raise ImproperlyConfigured("RETURNS_MAILBOX begins with imaps://, imap://, maildir:// or mbox://.")
    CELERY_BEAT_SCHEDULE["read-returns"] = {
        "task": "notifications.tasks.read_returns",
        "schedule": timedelta(minutes=5),
    }

# --- language and time -------------------------------------------------------------------------------------

LANGUAGE_CODE = env.str("LANGUAGE_CODE", "en-gb")
TIME_ZONE = env.str("TIME_ZONE", "Europe/London")
# Which of PostgreSQL's text search configurations knows the members' language.
SEARCH_LANGUAGE = env.str("SEARCH_LANGUAGE", "english")
if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", SEARCH_LANGUAGE):
    raise ImproperlyConfigured(
        f"SEARCH_LANGUAGE is “{SEARCH_LANGUAGE}”. Set it to the name of a text search configuration of PostgreSQL, "
        "such as “english”, “german” or “simple”."
    )
# The page that always answers is made in each of these; whoever translates the site names them here.
HELP_LANGUAGES = [code.strip().lower() for code in env.list("HELP_LANGUAGES", default=[LANGUAGE_CODE]) if code.strip()]
if not HELP_LANGUAGES or any(not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", code) for code in HELP_LANGUAGES):
    raise ImproperlyConfigured("HELP_LANGUAGES are codes with commas between them, such as “en-gb,cy”.")
USE_TZ = True
USE_I18N = True

# --- files -------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", str(VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "supportsite.assets.PackageFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = env.str("MEDIA_ROOT", str(VAR_DIR / "media"))
# Exports of members' own data until they are downloaded or a week has passed: written by the worker, read by web.
EXPORT_DIR = env.str("EXPORT_DIR", str(VAR_DIR / "exports"))
# The page that always answers, made ahead: read by web, written by the worker.
HELP_DIR = env.str("HELP_DIR", str(VAR_DIR / "help"))
_static_storage = "whitenoise.storage.CompressedManifestStaticFilesStorage"
if DEBUG:
    _static_storage = "django.contrib.staticfiles.storage.StaticFilesStorage"
elif LOCAL:
    _static_storage = "supportsite.assets.QuickStaticFiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static_storage},
}
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# --- curating ----------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_FINISH_WORKFLOW_ACTION = "resources.services.publishing.publish_vetted"
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# Pictures are drawn anew as WebP, which drops what a camera wrote into them. So many pixels fit into 100 MB.
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"jpeg": "webp", "png": "webp"}
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 24_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "resources.forms.uploads.PictureForm"
# Documents are films. They are served by resources/views/media.py, as pictures are.
WAGTAILDOCS_EXTENSIONS = ["mp4", "webm"]
WAGTAILDOCS_SERVE_METHOD = "direct"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "resources.forms.uploads.FilmForm"
FILM_MAX_MB = env.int("FILM_MAX_MB", 200)
# Whether the site asks the servers that an article links to if they still answer. They learn its address, no reader's.
CHECK_LINKS = env.bool("CHECK_LINKS", False)
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": SEARCH_LANGUAGE}}

# --- safety ------------------------------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    # Bootstrap draws its form marks as data: images inside its own style sheet.
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "manifest-src": [CSP.SELF],
    "media-src": [CSP.SELF],
}
# Wagtail's and Django's own administration pages carry inline scripts and styles.
ADMIN_CSP = SECURE_CSP | {
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "frame-src": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
    "worker-src": [CSP.SELF, "blob:"],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "supportsite.errors.expired_form"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None
# Browsers take a cookie that is called so only from this very host, over TLS, for all of it.
COOKIE_PREFIX = "" if LOCAL else "__Host-"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if not LOCAL:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    # Only a proxy that overwrites this header may stand in front; see docs/operating.md.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", False)
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", False)
    # Both bind the operator's whole domain for a year, so they are a choice and not a warning.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}session", f"{COOKIE_PREFIX}csrf"
    CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])

# One line of JSON an event in production, and lines for a person's eyes on a laptop. What may stand in them: logs.py.
LOGGING = logs.config(level=env.str("LOG_LEVEL", "INFO"), production=not LOCAL)
