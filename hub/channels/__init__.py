"""One file per kind of channel, whose `KIND` is a ChannelKind. CHANNELS is all of them, found by themselves."""

import sys
from typing import Any

from hub.channels.base import ChannelKind
from hub.lib import discover

CHANNELS: dict[str, ChannelKind[Any]] = {
    module.KIND.name: module.KIND for module in discover.modules(sys.modules[__name__]) if hasattr(module, "KIND")}


def kind_of(channel: Any) -> ChannelKind[Any]:
    """The kind of a channel's row."""
    return CHANNELS[channel.kind]


def config_of(channel: Any) -> Any:
    """The typed configuration of a channel's row."""
    return kind_of(channel).CONFIG.model_validate(channel.config)
