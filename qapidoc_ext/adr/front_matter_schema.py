"""The JSON schema of a record's front matter, made from the dataclasses that decode it."""

from __future__ import annotations

import json
from dataclasses import is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from qapidoc_ext.adr.decision import Decision
from qapidoc_ext.adr.front_matter import alternatives, mandatory

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> str:
    """The schema, as JSON. It says all but what two keys have to do with one another."""
    definitions: dict[str, Any] = {}
    reference = _schema(Decision, definitions)
    whole = {"$schema": _DIALECT, "title": "The front matter of a decision record", **reference}
    return json.dumps({**whole, "$defs": dict(sorted(definitions.items()))}, indent=2) + "\n"


def _schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    kinds = alternatives(kind)
    if len(kinds) > 1:  # msgspec has no schema for several dataclasses
        return {"anyOf": [_schema(one, definitions) for one in kinds]}
    (one,) = kinds
    if get_origin(one) is tuple:
        return {"type": "array", "minItems": 1, "items": _schema(get_args(one)[0], definitions)}
    if is_dataclass(one):
        return _object(one, definitions)
    found = msgspec.json.schema(one)
    definitions.update(found.pop("$defs", {}))
    return found


def _object(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}
        hints = get_type_hints(kind, include_extras=True)
        definitions[kind.__name__] = {
            "type": "object",
            "description": kind.__doc__,
            "additionalProperties": False,
            "properties": {name: _schema(hint, definitions) for name, hint in hints.items()},
            "required": mandatory(kind),
        }
    return {"$ref": f"#/$defs/{kind.__name__}"}
