"""A new record, with everything that it has to have."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from qapidoc_ext.adr.sections import OF_OPTIONS, OPTIONAL, SECTIONS

_HINTS = {
    "Context": "What is to be decided, and why now?",
    "Consequences": "What follows, for whom? What does each consequence rest on?",
    "Confirmation": "Which example shows it? Name it under `confirmation`, in the place of `unconfirmed`.",
    "Sources": "Where is it written?",
}
_ATTEMPTS = 100


class NewError(Exception):
    """No record could be written. The message says why."""


def new_record(folder: Path, title: str, by: str) -> Path:
    """The file of a new record, proposed today, under the number behind the highest one. Nothing is overwritten.

    :raise NewError: the title or the name cannot stand in front matter, the numbers are used up, or the folder cannot
        be written.
    """
    for text in (title, by):
        if not text.strip() or not text.isprintable():
            raise NewError(f"{text!r} is not one line of text")
    try:
        for _ in range(_ATTEMPTS):
            number = _highest(folder) + 1
            path = folder / f"{number:04}-{_slug(title)}.md"
            text = _text(number, title.strip(), by.strip())
            if number > 9999:  # noqa: PLR2004 - a number has four digits
                raise NewError(f"{folder}: there is no number behind 9999")
            try:
                with path.open("x", encoding="utf-8") as file:
                    file.write(text)
            except FileExistsError:  # somebody else was faster
                continue
            return path
    except FileNotFoundError as error:
        raise NewError(f"{folder}: there is no such folder; make it, or name another one") from error
    except OSError as error:
        raise NewError(f"{folder}: {error.strerror}") from error
    raise NewError(f"{folder}: somebody takes every number")


def _highest(folder: Path) -> int:
    return max((int(path.name[:4]) for path in folder.iterdir() if re.match(r"\d{4}-", path.name)), default=0)


def _slug(title: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:60].strip("-") or "untitled"


def _text(number: int, title: str, by: str) -> str:
    sections = [name for name in SECTIONS if name not in OPTIONAL | OF_OPTIONS]
    body = "\n\n".join(f"## {name}\n\n{_HINTS[name]}" for name in sections)
    return f"""---
number: {number}
title: {_quoted(title)}
status: proposed
proposers: [{_quoted(by)}]
history:
- status: proposed
  on: {datetime.now(UTC).date()}
  by: {_quoted(by)}
  source: {{url: "https://example.org/where-it-was-proposed"}}
unconfirmed: Nothing can be run yet.
---

# {title}

```{{decision}}
```

{body}
"""


def _quoted(text: str) -> str:
    """A scalar of YAML that stands for this text, whatever is in it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
