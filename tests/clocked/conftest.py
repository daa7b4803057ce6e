"""What the timed tests share with those of the processes that they time."""

from tests.jobs.conftest import start as start
