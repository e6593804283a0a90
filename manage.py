#!/usr/bin/env python
"""Sixfold's command line."""

import os
import sys
from urllib.parse import urlsplit

# These change the schema and its rights; the role of web and worker may not.
OWNER_COMMANDS = frozenset({"migrate", "grant_web_role", "restore"})


def become_owner() -> None:
    """Connect as the owner of the tables, remembering the web role's name."""
    owner_url = os.environ.get("OWNER_DATABASE_URL")
    if owner_url:
        web_url = os.environ.get("DATABASE_URL", "")
        os.environ["WEB_ROLE"] = urlsplit(web_url).username or ""
        os.environ["DATABASE_URL"] = owner_url


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        become_owner()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
