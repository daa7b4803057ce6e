"""One file per channel, all of one shape: Config, LIMITS, verify, parse, send, setup. CHANNELS is the whole list."""

from types import ModuleType

from hub.channels import custom, website

CHANNELS: dict[str, ModuleType] = {"website": website, "custom": custom}
