"""Which columns a row shares with another although nobody may: read from what the database refused."""

import re

from peewee import IntegrityError

# SQLite: UNIQUE constraint failed: product.tenant_id, product.sku
# Postgres: … DETAIL:  Key (tenant_id, sku)=(1, A-1) already exists.
_SQLITE = re.compile(r"UNIQUE constraint failed: (?P<columns>[\w., ]+)")
_POSTGRES = re.compile(r"Key \((?P<columns>[\w, \"]+)\)=")


def doubled(error: IntegrityError) -> list[str]:
    """The columns beside the tenant, or nothing where the refusal was about something else."""
    text = str(error)
    found = _SQLITE.search(text) or (_POSTGRES.search(text) if "already exists" in text else None)
    names = [name.strip().strip('"').rpartition(".")[2] for name in found["columns"].split(",")] if found else []
    return [name for name in names if name not in ("tenant_id", "id", "uuid")]
