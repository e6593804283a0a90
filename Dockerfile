# Sixfold's web, worker and beat: one image, the command says which.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
WORKDIR /sixfold

# The lock changes seldom: these layers stay while the code changes.
COPY requirements.lock requirements-uv.lock ./
COPY script/setup script/install.py script/
RUN ./script/setup && rm -rf /root/.cache

COPY . .
ENV PATH=/sixfold/.venv/bin:$PATH
RUN python -m compileall -q -x '\.venv' . \
    && python manage.py collectstatic --noinput \
    && useradd --system --uid 10001 --no-create-home sixfold \
    && install --directory --owner sixfold /data/files

USER sixfold
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--config", "config/gunicorn.py", "--bind", "0.0.0.0:8000"]
