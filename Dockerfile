# syntax=docker/dockerfile:1
# The site for production: one image, run as web, worker or beat. docker-compose.yml shows how.

FROM ghcr.io/astral-sh/uv:0.13.9 AS uv

# --- packages and static files --------------------------------------------------------------------------------
FROM python:3.13.13-slim-trixie AS build
COPY --from=uv /uv /usr/local/bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY pyproject.toml uv.lock ./
# Without the groups for a laptop and for developing: PostgreSQL and Valkey are services of their own here.
RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked --no-default-groups
COPY . .
# Settings insist on these; collecting files uses none of them, and none of them stays in the image.
RUN SECRET_KEY=build ALLOWED_HOSTS=build DATABASE_URL=postgres://build/build REDIS_URL=redis://build \
    EMAIL_URL=smtp://build STATIC_ROOT=/app/collected \
    .venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && .venv/bin/python -m compileall -q core forums members moderation notifications resources supportsite

# --- what runs ------------------------------------------------------------------------------------------------
FROM python:3.13.13-slim-trixie
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent alongside \
    && install -d -o alongside -g alongside /data /data/media /data/help /data/exports
COPY --from=build /app /app
WORKDIR /app
# Only /data/media, /data/help, /data/exports and /tmp are ever written to, so the rest can be read-only.
# Threads of web mostly wait: one for each connection that a process takes, of which REQUESTS_AT_ONCE work (docs/operating.md).
# So that each of them holds on to little of what it has given back: the last line is read by granian, the two before it
# by the system's malloc (docs/decisions/what-a-process-loads.md).
ENV PATH=/app/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    SITE_MODE=production VAR_DIR=/data MEDIA_ROOT=/data/media HELP_DIR=/data/help EXPORT_DIR=/data/exports STATIC_ROOT=/app/collected \
    GRANIAN_WORKERS=2 GRANIAN_BLOCKING_THREADS=512 GRANIAN_BACKPRESSURE=512 GRANIAN_HTTP=1 \
    GRANIAN_HTTP1_HEADER_READ_TIMEOUT=10000 GRANIAN_HTTP1_BUFFER_SIZE=32768 \
    MALLOC_ARENA_MAX=1 \
    GLIBC_TUNABLES=glibc.malloc.tcache_count=1 \
    _RJEM_MALLOC_CONF=narenas:1,tcache:false
USER alongside
VOLUME /data/media /data/help /data/exports
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-m", "supportsite.healthcheck"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", "--no-access-log", \
    "--respawn-failed-workers", "--workers-kill-timeout", "20", "supportsite.wsgi:application"]
