"""What evidence comes down to: facts in words, the same in every build until QEMU, a schema or an example differs.

No text of a reply is among them: paths, descriptors and the wording of errors change from build to build.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Annotated, assert_never

from msgspec import Meta

from qapidoc_ext.adr.interface import InterfaceChange
from qapidoc_ext.adr.recorded import Answers
from qapidoc_ext.qmp.outcome import Called, Failed, Received, Run, Sent, Skipped
from qapidoc_ext.qmp.shown import Elided, Shown, ShownArray, ShownObject
from qapidoc_ext.qmp.step import Comment

Facts = tuple[str, ...]
"""In the order in which they were found."""
_DIGITS = 12
Digest = Annotated[str, Meta(pattern=rf"^[0-9a-f]{{{_DIGITS}}}$", description=f"{_DIGITS} hexadecimal digits")]


def digest(facts: Facts) -> str:
    """What tells these facts from any others."""
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:_DIGITS]


def chosen(facts: Facts, about: Iterable[str]) -> Facts:
    """Those that contain one of the texts; all, where there is no text."""
    texts = tuple(about)
    return tuple(fact for fact in facts if not texts or any(text in fact for text in texts))


def of_change(change: InterfaceChange) -> Facts:
    """What a client notices of a change of an interface."""
    return tuple(map(str, change.changes))


def of_answers(answers: Answers) -> Facts:
    """What each version answers to each detector."""
    return tuple(
        f"{version} {detector.label.replace('`', '')}: {'found' if found else 'not found'}"
        for version, row in answers.rows
        for detector, found in zip(answers.detectors, row, strict=True)
    )


def of_run(run: Run) -> Facts | None:
    """What an example found out; None where it was not run.

    Of a reply that is whether it is an error, and of which class, and the booleans that the example looks at; of a
    host step what it returned. What set-ups do is left out.
    """
    if isinstance(run.outcome, Skipped):
        return None
    found = tuple(fact for place, _ in enumerate(run.exchanges) for fact in _of_exchange(run, place))
    return (*found, "failed") if isinstance(run.outcome, Failed) else found


def _of_exchange(run: Run, place: int) -> Iterator[str]:
    exchange = run.exchanges[place]
    if exchange.hidden:
        return
    match exchange:
        case Called(text=text, value=value) if value is not None:
            yield f"{text}: {value}"
        case Received(message=ShownObject() as message):
            yield from _of_message(message, _command(run, place))
        case Called() | Sent() | Comment() | Received():
            pass
        case _:
            assert_never(exchange)


def _command(run: Run, place: int) -> str:
    """The last command that was sent before."""
    earlier = run.exchanges[:place]
    commands = (one.message.get("execute", "?") for one in reversed(earlier) if isinstance(one, Sent))
    return str(next(commands, "?"))


def _of_message(message: ShownObject, command: str) -> Iterator[str]:
    members = dict(member for member in message.members if not isinstance(member, Elided))
    match members:
        case {"event": str(event)}:
            yield f"event {event}"
        case {"error": ShownObject(members=error)}:
            named = dict(member for member in error if not isinstance(member, Elided))
            yield f"{command}: error {named.get('class', '')}".rstrip()
        case {"return": value}:
            yield f"{command}: success"
            yield from (f"{command} {path}: {str(found).lower()}" for path, found in _booleans(value, ""))
        case _:
            yield f"{command}: another message"


def _booleans(value: Shown | Elided, path: str) -> Iterator[tuple[str, bool]]:
    match value:
        case bool():
            yield path, value
        case ShownArray(items=items):
            for item in items:
                yield from _booleans(item, f"{path}[]")
        case ShownObject(members=members):
            for member in members:
                if not isinstance(member, Elided):
                    yield from _booleans(member[1], f"{path}.{member[0]}".removeprefix("."))
        case _:
            pass
