"""Values as QEMU's command line takes them."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from qapidoc_ext.introspect.generate import is_new
from qapidoc_ext.introspect.sample import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class _Option:
    name: str
    json_since: tuple[int, ...]
    """The version of QEMU that was the first to take the value as JSON."""
    nests: bool
    """Whether `a.b=1` is a member of a member."""
    nesting: frozenset[str] = frozenset()
    """The types of which it is one all the same, which QEMU reads in another way than the older ones."""


_OPTIONS: Mapping[str, _Option] = {
    "BlockdevOptions": _Option(name="--blockdev", json_since=(2, 9), nests=True),
    "ObjectOptions": _Option(name="--object", json_since=(6, 0), nests=False),
    "Netdev": _Option(name="--netdev", json_since=(7, 2), nests=False, nesting=frozenset({"stream", "dgram"})),
    "Audiodev": _Option(name="--audiodev", json_since=(4, 0), nests=True),
    "DisplayOptions": _Option(name="--display", json_since=(4, 0), nests=True),
}
"""The options whose value is one of a type of the schema, by the name of the type. All of QEMU's programs take two
dashes; only the emulators take one."""
OWN_NAMES: Mapping[str, str] = {"ChardevBackend": "--chardev"}
"""The options that say in words of their own what a request says with a value of the type."""
INSTEAD: Mapping[tuple[str, str], str] = {("Netdev", "nic"): "--net"}
"""The option that takes a branch which, of a type, neither its own option nor a command takes."""
_REPEATED = re.compile(r"\.\d+\.str$")
"""What is in a list of strings, in a key: where keys do not nest, the key of the list stands once for each of them."""


def command_lines(type_: str, value: Json, version: str) -> tuple[str, ...]:
    """The option that says a value: as keys where that can be, and as JSON where this version of QEMU takes that.

    Nothing where no option takes the type. A version that is not known is taken as a new one.
    """
    option = _OPTIONS.get(type_)
    if option is None:
        return ()
    keys = _keys(value, option)
    as_json = [json.dumps(value, ensure_ascii=False)] if is_new(version, option.json_since) else []
    values = [*([keys] if keys else []), *as_json]
    return tuple(f"{option.name} {shlex.quote(text)}" for text in values)


def _keys(value: Json, option: _Option) -> str:
    """`a=1,b.c=2`; empty where the value cannot be written so."""
    try:
        pairs = list(_pairs("", value))
    except ValueError:
        return ""
    nests = option.nests or value.get("type") in option.nesting
    if not nests:
        pairs = [(_REPEATED.sub("", key), text) for key, text in pairs]
        if any("." in key for key, _ in pairs):
            return ""
    return ",".join(f"{key}={text.replace(',', ',,')}" for key, text in pairs)


def _pairs(key: str, value: Json) -> Iterator[tuple[str, str]]:
    match value:
        case dict() if value:
            for name, item in value.items():
                yield from _pairs(f"{key}.{name}" if key else name, item)
        case list() if value:
            for index, item in enumerate(value):
                yield from _pairs(f"{key}.{index}", item)
        case bool():
            yield key, "on" if value else "off"
        case str() | int() | float():
            yield key, str(value)
        case _:
            raise ValueError("there are no keys for null, and for what is empty")
