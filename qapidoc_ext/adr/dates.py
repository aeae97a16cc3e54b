"""When files were written and last changed, as git knows it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_TIMEOUT = 30
"""Seconds."""
_MARK = "\x01"
"""Stands before the day of a commit, to tell it from the name of a file."""


class DatesError(Exception):
    """Git cannot tell. The message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The days of a file's first and last commit."""

    first: date
    last: date


def dates(folder: Path) -> dict[Path, Written]:
    """The days of the files in a folder that are committed, from one pass of `git log`. A renamed file begins anew.

    :raise DatesError: there is no git, no repository, or not its whole history.
    """
    if _git(folder, "rev-parse", "--is-shallow-repository").strip() == "true":
        raise DatesError("this clone does not have the whole history")
    top = Path(_git(folder, "rev-parse", "--show-toplevel").removesuffix("\n"))
    log = _git(folder, "log", f"--format={_MARK}%as", "--name-only", "-z", "--no-renames", "--", ".")
    found: dict[Path, Written] = {}
    day = date.min
    for part in log.split("\0"):
        text = part.removeprefix("\n")
        if text.startswith(_MARK):
            day = date.fromisoformat(text.removeprefix(_MARK))
        elif text:
            path = top / text
            found[path] = Written(first=day, last=found[path].last if path in found else day)
    return found


def _git(folder: Path, *arguments: str) -> str:
    try:
        result = subprocess.run(  # noqa: S603 - the arguments are ours
            ["git", "-C", str(folder), *arguments],  # noqa: S607 - whichever git is on PATH
            capture_output=True,
            check=False,
            timeout=_TIMEOUT,
        )
    except FileNotFoundError as error:
        raise DatesError("there is no git") from error
    except subprocess.TimeoutExpired as error:
        raise DatesError(f"git took more than {_TIMEOUT} seconds") from error
    if result.returncode:
        raise DatesError("git knows no history here")
    return result.stdout.decode(errors="surrogateescape")
