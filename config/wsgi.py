"""The web process."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

if not (os.environ.get("SECRET_KEY") or os.environ.get("SECRET_KEY_FILE")):
    raise ImproperlyConfigured(
        "SECRET_KEY is not set: each web process would sign with a key of its own. "
        "Put a long random text in SECRET_KEY, or its file's path in SECRET_KEY_FILE."
    )
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
