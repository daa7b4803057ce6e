"""What JSON is to the type checker: its values are looked at where they are used."""

from collections.abc import Mapping
from typing import Any

JsonObject = dict[str, Any]
# The same where nobody changes it: values by column, by field or by name.
Values = Mapping[str, Any]
