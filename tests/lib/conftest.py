"""Properties are checked on busy machines as well: slowness is no failure."""

from hypothesis import settings

settings.register_profile("parley", deadline=None, database=None)
settings.load_profile("parley")
