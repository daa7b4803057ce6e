"""HTTP contracts: each noun a file with a table of routes, each surface an object that knows its callers."""

import sys

from hub.api.kit.surface import Surface
from hub.lib import discover


def surfaces() -> list[Surface]:
    """Every surface with all of its tables: importing a noun's file declares its routes on its surface."""
    for _ in discover.modules(sys.modules[__name__], skip=("kit",)):
        pass
    from hub.api import files, system, webhooks
    from hub.api.bridge import bridge
    from hub.api.chat import chat
    from hub.api.core import core
    from hub.api.widget import widget
    return [core, chat, bridge, widget, webhooks.surface, files.surface, system.surface]
