"""The model and the traffic of tests/faults, for a stack whose database these tests may end."""

from tests.faults import conftest as faults

fake, pauses_s, under_load = faults.fake, faults.pauses_s, faults.under_load
