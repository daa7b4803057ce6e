"""An empty database of the kind this run uses, to be migrated."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.models import base
from hub.settings import Settings
from tests import servers


@pytest.fixture
def fresh(settings: Settings, tmp_path: Path, web: object) -> Iterator[Settings]:
    """Its settings; afterwards the models point at the run's own database again."""
    with servers.empty_database(settings.database_url, tmp_path) as url:
        yield Settings.load({"SESSION_SECRET": "x" * 32, "DATABASE_URL": url})
        base.release()
    base.connect(settings)
