from pathlib import Path

import pytest
from django.apps import apps
from hypothesis import settings

SHARED = Path(__file__).resolve().parents[2] / "shared"

# Pure tests run without Django too, where nothing can ask for the cast.
if apps.ready:
    pytest_plugins = ["tests.cast", "tests.demo_database"]

settings.register_profile("sixfold", deadline=None, derandomize=True)
settings.load_profile("sixfold")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference material that stands beside the project, where it does."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not beside this clone")
    return SHARED
