"""Digests of what pages show: a page is made again exactly when its digest is another one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

from qapidoc_ext.introspect.observed import NOTHING, Observed
from qapidoc_ext.qmp.doc_faults import JudgedExample
from qapidoc_ext.source import Location, Prose


class Digests:
    """Digests of values: of all that they hold, but not of where that was written.

    So a page does not change when its text moves. Instead of a place counts what was observed of what is written there,
    and with a text, what is said of the examples in it.
    """

    def __init__(self, judged: Iterable[JudgedExample] = (), observed: Observed = NOTHING) -> None:
        self._observed = observed
        self._on_each_page = (observed.versions, bool(observed.not_asked))
        self._known: dict[int, tuple[object, bytes]] = {}
        """By identity, with the value itself, which so keeps its identity: pages share most of what they show."""
        self._verdicts: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        """By file: the first line of each example, and its faults."""
        for one in sorted(judged, key=lambda one: one.example.location):
            place = one.example.location
            messages = tuple(fault.message for fault in one.faults)
            self._verdicts.setdefault(place.path, []).append((place.line, messages))

    def of(self, view: object) -> str:
        """The digest of a page that shows this."""
        return blake2b(self._facts((view, self._on_each_page)), digest_size=8).hexdigest()

    def _facts(self, value: object) -> bytes:
        """What a value says: all of it where that is short, otherwise its digest."""
        match value:
            case str():
                text = value.encode()
                return b"%d:%b" % (len(text), text)
            case Location():  # which is a tuple too
                return self._facts(self._observed.at.get(value))
            case list() | tuple():
                return b"(%b)" % b"".join(map(self._facts, value))
            case Prose():
                return self._digest(value, self._said_of_examples(value))
            case _:
                type_: Any = type(value)
                return self._digest(value) if _field_names(type_) else repr(value).encode()

    def _digest(self, value: object, *more: object) -> bytes:
        known = self._known.get(id(value))
        if known is None:
            type_: Any = type(value)
            content = [self._facts(getattr(value, name)) for name in _field_names(type_)]
            facts = b"".join([type_.__name__.encode(), b"(", *content, *map(self._facts, more), b")"])
            known = value, blake2b(facts, digest_size=16).digest()
            self._known[id(value)] = known
        return known[1]

    def _said_of_examples(self, prose: Prose) -> tuple[tuple[str, ...], ...]:
        """The faults of each example in a text. They can change because of what another definition has."""
        found = self._verdicts.get(prose.location.path, [])
        first = prose.location.line
        begin = bisect_left(found, (first,))
        end = bisect_left(found, (first + prose.text.count("\n") + 1,))
        return tuple(messages for _, messages in found[begin:end])


@cache
def _field_names(type_: type[Any]) -> tuple[str, ...]:
    """Of a dataclass; none of another type."""
    return tuple(item.name for item in fields(type_)) if is_dataclass(type_) else ()
