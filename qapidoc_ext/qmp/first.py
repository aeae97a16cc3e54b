"""Which version of QEMU was the first to have something."""

from __future__ import annotations

from qapidoc_ext.introspect.probe import QueryError, probe
from qapidoc_ext.introspect.recordings import recordings


def first_version(query: str) -> str:
    """The first version whose recorded introspection answers the query with yes: `8.2`; "" where none does."""
    for version, introspection in recordings().items():
        try:
            if query and probe(introspection, query):
                return version.removesuffix(".0")
        except QueryError:
            continue
    return ""
