"""The periodic jobs. They take the id 0: there is no row, they look for rows."""

from hub.services.platform import sweep as sweeping
from jobs.job import job

sweep = job(lambda _: sweeping.sweep())
tidy = job(lambda _: sweeping.tidy())
