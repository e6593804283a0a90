"""What another process needs to work on the database of a test."""

import os
from urllib.parse import urlsplit

from django.db import connection


def url_of_test_database(variable: str) -> str:
    """The URL in this environment variable, pointed at the database of the test."""
    url = urlsplit(os.environ[variable])
    folder = url.path.rsplit("/", 1)[0]
    return url._replace(path=f"{folder}/{connection.settings_dict['NAME']}").geturl()
