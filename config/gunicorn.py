"""How the web process is served; whoever starts it gives the address."""

import os

# Both read what others may send slowly, and wait for a database: threads, not cores.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
preload_app = True
timeout = 60
graceful_timeout = 5
# A heartbeat on a disk that is slow would look like a worker that hangs.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
control_socket_disable = True
errorlog = "-"
