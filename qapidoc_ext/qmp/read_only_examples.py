"""Examples that measure what `read-only` and `auto-read-only` do: for each driver one for each combination of the two.

Each looks at a node in four situations. What it captures begins with their names: nobody writes (`idle`), a writer is
attached (`writer`), it is gone (`gone`), and the node is made anew over a target without write permission, and a writer
comes (`locked`). The writer is an NBD export that may be written: it is attached and gone when the reply says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from qapidoc_ext.qmp.pattern import Json, constant
from qapidoc_ext.qmp.printed import printed
from qapidoc_ext.source import Location

NODE = "node"

_MARK = re.compile(r"^(?P<hidden>~ )?(?P<arrow>->|<-)")
_DONE_OR_NOT = '<- { "return": {} } | { "error": { "class": "GenericError", "desc": <str:%s_refused> } }'


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """Which of the two members a request has, and with which value; None where it does not have it."""

    read_only: bool | None
    auto_read_only: bool | None

    @property
    def members(self) -> dict[str, bool]:
        """Those that the request has, by name."""
        given = {"read-only": self.read_only, "auto-read-only": self.auto_read_only}
        return {name: value for name, value in given.items() if value is not None}

    def __str__(self) -> str:
        return ", ".join(f"{name}={_switch(value)}" for name, value in self.members.items()) or "neither"

    @property
    def name(self) -> str:
        """Of its example on the page of a subject: `off-on`, `neither`."""
        return "-".join(map(_switch, self.members.values())) or "neither"


COMBINATIONS = (
    Combination(read_only=None, auto_read_only=None),
    Combination(read_only=False, auto_read_only=False),
    Combination(read_only=True, auto_read_only=False),
    Combination(read_only=False, auto_read_only=True),
    Combination(read_only=True, auto_read_only=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A driver, over a target of a kind: it has a page of its own."""

    driver: str
    over: str = ""
    """What the node is over, in words; "" where that is the only thing that it can be."""
    target: str = ""
    """What the target is, and what is different without write permission, in words; "" where there is no target."""
    options: Mapping[str, Json] = field(default_factory=dict)
    """Of its `blockdev-add`, apart from the combination."""
    locked: Mapping[str, Json] = field(default_factory=dict)
    """What is different in them where the target has no write permission."""
    before: str = ""
    """The steps that come first, and make the target."""
    below: Mapping[str, Json] = field(default_factory=dict)
    """A node of its own that it is over, which is made each time before it."""
    file: str = ""
    """The file that is the target: its permission is taken from it, and how it is held open can be looked at."""
    requires: tuple[str, ...] = ()
    """As the option of the example says it, apart from the driver."""
    machines: str = ""
    """As the option of the example says it; the one that is called `vm` has the node."""

    @property
    def title(self) -> str:
        """`blkdebug over an inline file node`."""
        return f"{self.driver} over {self.over}" if self.over else self.driver

    @property
    def name(self) -> str:
        """Of its page: `blkdebug-inline`."""
        return "-".join([self.driver, *(self.over.split()[1:2])])


def example(subject: Subject, combination: Combination) -> str:
    """The text of the example for a combination."""
    return "\n".join(_lines(subject, combination)) + "\n"


def _lines(subject: Subject, combination: Combination) -> Iterator[str]:
    yield f":name: {combination.name}"
    yield f":title: {subject.title}: {combination}"
    if subject.machines:
        yield f":machines: {subject.machines}"
    requires = ["block-export-add", f"blockdev-add/arg-type/+{subject.driver}", *subject.requires]
    yield f":requires: {', '.join(requires)}"
    yield ""
    yield from subject.before.splitlines()
    is_named = "," in subject.machines
    for line in _probes(subject, combination):
        yield _MARK.sub(r"\g<hidden>vm\g<arrow>", line) if is_named else line


def _probes(subject: Subject, combination: Combination) -> Iterator[str]:
    yield from ("", "# The target may be written, and nobody writes to it.")
    yield from _made(subject, {**subject.options, **combination.members}, "idle")
    yield from _looked_at(subject, "idle")
    yield from ("", "# Somebody wants to write: an NBD export that may be written.")
    yield from _writer("writer")
    yield from _looked_at(subject, "writer")
    yield from ("", "# The writer is gone: without the NBD server there is no export.")
    yield from _request("nbd-server-stop")
    yield from _looked_at(subject, "gone")
    if subject.target:
        yield from _removed(subject)
        yield from ("", "# The node is made anew, over a target without write permission.")
        if subject.file:
            yield f'>>> vm.chmod("{subject.file}", 0o400)'
        yield from _made(subject, {**subject.options, **subject.locked, **combination.members}, "locked")
        yield from _looked_at(subject, "locked")
        yield from ("", "# Here, too, somebody wants to write.")
        yield from _writer("locked")


def _made(subject: Subject, options: Mapping[str, Json], situation: str) -> Iterator[str]:
    if subject.below:
        yield from _request("blockdev-add", subject.below)
    yield from _request("blockdev-add", {"driver": subject.driver, "node-name": NODE, **options})
    yield _DONE_OR_NOT % situation


def _looked_at(subject: Subject, situation: str) -> Iterator[str]:
    yield from _request("query-named-block-nodes", {"flat": True})
    node = f'{{ "node-name": "{NODE}", "ro": <bool:{situation}_ro>, ... }}'
    yield f'<- {{ "return": [ ..., {node}, ... ] }} | {{ "return": [ ... ] }}'
    if subject.file:
        yield f'>>> vm.access_mode("{subject.file}")'
        yield f"<str:{situation}_access>"


def _writer(situation: str) -> Iterator[str]:
    yield from _request("nbd-server-start", {"addr": {"type": "unix", "data": {"path": f"{situation}.socket"}}})
    export: dict[str, Json] = {"type": "nbd", "id": "writer", "node-name": NODE, "writable": True}
    yield from _request("block-export-add", export)
    yield _DONE_OR_NOT % f"{situation}_writer"


def _removed(subject: Subject) -> Iterator[str]:
    """Hidden steps, which say nothing about the node: there is none where it was refused."""
    yield from (f"~ {line}" for line in _request("blockdev-del", {"node-name": NODE}))
    yield '~ <- { "return": {} } | { "error": { "class": "GenericError", ... } }'
    if subject.below:
        yield from (f"~ {line}" for line in _request("blockdev-del", {"node-name": subject.below["node-name"]}))


def _request(command: str, arguments: Mapping[str, Json] | None = None) -> Iterator[str]:
    message: dict[str, Json] = {"execute": command, **({"arguments": dict(arguments)} if arguments else {})}
    yield from f"-> {printed(constant(message, Location('')), '   ')}".splitlines()


def _switch(value: bool) -> str:  # noqa: FBT001 (it is what is switched)
    return "on" if value else "off"
