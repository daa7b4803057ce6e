"""The business with one of everything, and its callers, as the walks of the API have them."""

from tests.api import conftest as api

callers, world = api.callers, api.world
