from types import ModuleType

import pytest

from analysis import freezing, running, tasks
from config.celery import app
from records.models import Job


@pytest.mark.parametrize(
    ("name", "module", "work"),
    [
        (freezing.WRITE, freezing, "freeze"),
        (running.ANALYSE, running, "compute"),
        (running.JOIN, running, "join"),
    ],
)
def test_the_kind_of_a_job_is_the_name_of_a_task_that_does_it(
    name: str, module: ModuleType, work: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[tuple[int, object]] = []
    monkeypatch.setattr(tasks, "run", lambda job_id, act: called.append((job_id, act)))
    app.tasks[name](7)
    assert called == [(7, getattr(module, work))]
    assert len(name) <= (Job._meta.get_field("kind").max_length or 0)
