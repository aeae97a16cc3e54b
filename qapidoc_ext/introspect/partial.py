"""Values of which a part is not written, as documentation writes them: they are judged as far as they are."""

from __future__ import annotations

from dataclasses import dataclass


class PartialObject(dict[str, object]):
    """An object that may have more members than these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwritten:
    """Some value."""

    form: str = ""
    """What JSON calls it, `string`; empty where it can be any."""
