"""`python -m scripts.new_migration NAME`: writes the next numbered migration from what the models differ in."""

import os
import sys

from peewee import sort_models
from playhouse.migrations import template
from playhouse.schema_diff import SchemaDiff, diff_models

from hub.models import ALL, migrate
from hub.models.base import connect, db
from hub.settings import Settings


def main(name: str) -> int:
    """Compare the database (DATABASE_URL, fully migrated) with the models; nothing is written when they agree."""
    connect(Settings.load({"SESSION_SECRET": "-" * 32, **os.environ}))
    with db.connection_context():
        runner = migrate.runner()
        found = diff_models(db, ALL) if runner.migrations() else SchemaDiff(sort_models(ALL), [], [], [], [])
        print(runner.create(name, body=template(found)) if found else "The schema matches the models.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "migration"))
