"""The Celery app: a bell for jobs that are rows (records.models.Job)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("sixfold")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
