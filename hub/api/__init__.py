"""HTTP contracts: each noun a file with a table of routes, each surface an object that knows its callers."""

from importlib import import_module

from hub.api.kit.surface import Surface

# Importing a noun's file declares its routes on its surface.
_NOUNS = ("core.auth", "core.tenant", "core.users", "core.conversations", "core.messages", "core.customers",
          "core.knowledge", "core.agents", "widget.session", "widget.messages")


def surfaces() -> list[Surface]:
    """Every surface with all of its tables."""
    for noun in _NOUNS:
        import_module(f"hub.api.{noun}")
    from hub.api import system, webhooks
    from hub.api.core import core
    from hub.api.widget import widget
    return [core, widget, webhooks.surface, system.surface]
