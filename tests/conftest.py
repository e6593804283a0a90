from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference material that stands beside the project, where it does."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not beside this clone")
    return SHARED
