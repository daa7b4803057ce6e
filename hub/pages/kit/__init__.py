"""What every page is made with: declaring it, its form, its listing, its wizard, its settings."""

from hub.pages.kit import sentences
from hub.pages.kit.form import Form
from hub.pages.kit.uploads import uploaded
from hub.pages.kit.view import (
    FORMS,
    LOCALES,
    PAGES,
    THEMES,
    Viewer,
    asked_for_part,
    bounded,
    load_viewer,
    locale,
    page,
    read,
    theme,
    timezone,
)

__all__ = ["FORMS", "LOCALES", "PAGES", "THEMES", "Form", "Viewer", "asked_for_part", "bounded", "load_viewer",
           "locale", "page", "read", "sentences", "theme", "timezone", "uploaded"]
