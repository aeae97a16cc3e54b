"""Scenarios on pages: what a client wants, tried with the interface of each option."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from qapidoc_ext.introspect.recordings import recording
from qapidoc_ext.qmp.scenario import SCENARIOS, Attempt, attempts
from qapidoc_ext.source import Location, fault

SCENARIO = "option-scenario"
"""The directive; its argument is the name of a scenario, its option `folder` that of the folder with the examples."""
_INTERFACE = "10.0.0"
"""The version whose introspection the combinations are made from. Its drivers are those that the options are about."""


def attempts_of(argument: str, options: Mapping[str, str], location: Location) -> list[Attempt]:
    """What the directive shows: an attempt for each option. The folder's path begins at that of the page.

    :raise SourceError: there is no such scenario, or an example cannot be read.
    """
    if argument not in SCENARIOS:
        raise fault(location, f"{SCENARIO}: expected one of {', '.join(SCENARIOS)}, got '{argument}'")
    folder = Path(location.path).parent / options.get("folder", "")
    if not folder.is_dir():
        raise fault(location, f"{SCENARIO}: no such folder: {folder}")
    files = sorted(folder.glob("*.qmp"))
    return _attempts(argument, folder, tuple((path, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=2 * len(SCENARIOS))
def _attempts(scenario: str, folder: Path, _files: tuple[tuple[Path, int], ...]) -> list[Attempt]:
    """They are asked for several times in a build, and there are many."""
    return list(attempts(folder, recording(_INTERFACE), scenarios=[scenario]))
