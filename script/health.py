"""Answers a health check of the web process: exit status 0 while it serves pages."""

import os
from http.client import HTTPConnection, HTTPException


def main() -> int:
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".*")
    # As the proxy in front would say it; without, the answer is a way to https.
    headers = {"Host": host, "X-Forwarded-Proto": "https"}
    connection = HTTPConnection("127.0.0.1", 8000, timeout=5)
    try:
        connection.request("GET", "/", headers=headers)
        return int(connection.getresponse().status >= 400)
    except (OSError, HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    raise SystemExit(main())
