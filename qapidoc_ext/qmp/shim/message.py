"""A message of a client, and what it asks for."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import msgspec

from qapidoc_ext.qmp.depth import is_deeper

Message = dict[str, Any]

OURS = "(this text is by qapidoc_ext)"
"""What ends the description of an error that the discussion does not word."""

_DEPTH = 1024
"""How deep QEMU lets arrays and objects stand in each other: its parser's `MAX_NESTING`."""
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?P<single>(?:[^\'\\]|\\.)*)\'')
_IN_SINGLE_QUOTES = re.compile(r"\\'|\"|\\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What QEMU is asked in the place of what the client asks, and what the client gets."""

    request: Message
    """To QEMU, without an id."""
    answer: Callable[[Message], Message]
    """QEMU's reply to the client's; both without an id."""


class RefusedError(Exception):
    """A request that the option does not allow. `str()` is the description that the client gets."""


def decode(content: bytes) -> Message | None:
    """The object that the bytes are to QEMU, which allows single quotes too. None where QEMU has to say what is wrong.

    That is so for an object with two members of one name: QEMU refuses it.
    """
    if not content.lstrip().startswith(b"{"):
        return None
    try:
        text = _STRING.sub(_in_double_quotes, content.decode())
        decoded = json.loads(text, object_pairs_hook=_unique, parse_float=_finite, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return decoded if isinstance(decoded, dict) and not is_deeper(decoded, _DEPTH) else None


def encode(message: Message) -> bytes:
    """The bytes that say it."""
    try:
        return msgspec.json.encode(message)  # fast: introspections are large
    except (ValueError, OverflowError):  # half a surrogate pair, or an integer of more than 64 bits
        return json.dumps(message).encode()


def error(description: str, class_: str = "GenericError") -> Message:
    """A reply that is an error."""
    return {"error": {"class": class_, "desc": description}}


def success(value: object) -> Message:
    """A reply that is a success."""
    return {"return": value}


def answered(request: Message, reply: Message) -> Exchange:
    """The reply to a request that QEMU need not know of, unless QEMU would refuse any: before the negotiation, say.

    QEMU is asked something that changes nothing, so that the reply comes when those to earlier requests have come.
    """
    harmless = {**request, "execute": "query-version"}
    return Exchange(request=harmless, answer=lambda got: reply if "return" in got else got)


def refused(request: Message, reply: Message) -> Exchange:
    """As :func:`answered`, where it does not matter which arguments the request has."""
    return answered({name: value for name, value in request.items() if name != "arguments"}, reply)


def _in_double_quotes(found: re.Match[str]) -> str:
    single = found["single"]
    return found[0] if single is None else f'"{_IN_SINGLE_QUOTES.sub(_escaped, single)}"'


def _escaped(found: re.Match[str]) -> str:
    return {"\\'": "'", '"': '\\"'}.get(found[0], found[0])


def _unique(pairs: list[tuple[str, Any]]) -> Message:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("two members of one name")
    return members


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON, or too large")
