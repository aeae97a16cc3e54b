"""What decides how an example runs, as digests: its content, and what it runs on."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from qapidoc_ext.qmp.programs import EMULATOR, STORAGE_DAEMON, Programs
from qapidoc_ext.qmp.requirement import Program
from qapidoc_ext.qmp.run import Rules, Session
from qapidoc_ext.qmp.script import Script

_ONLY_SHOWN = re.compile(r"^(?:~ ?)?(?:#.*|:(?:name|title):.*|[ \t]*)$\n?|^~ ?|[ \t]+$", re.MULTILINE)
"""What changes nothing of a run: text for the reader, the names, empty lines, the marks that hide lines."""
_ELF = b"\x7fELF"
_SECONDS = 10
"""That a program may take to say its version."""


def content_digest(session: Session, script: Script) -> str:
    """The digest of all texts that decide how the example runs: its own, those of its set-ups and of its session."""
    texts = [_ONLY_SHOWN.sub("", part.text) for other in session for part in (*other.setups, other)]
    return _digest([*texts, *(str(index) for index, other in enumerate(session) if other is script)])


class Environment:
    """What the examples of a build run on. It looks at each program once."""

    def __init__(self, programs: Programs, rules: Rules) -> None:
        self._programs = programs
        rights = (os.geteuid(), os.access("/dev/kvm", os.R_OK | os.W_OK), *map(shutil.which, ("setpriv", "unshare")))
        self._shared = _digest([repr(rules), repr(rights), _code()])
        self._digests: dict[frozenset[str], str] = {}

    def digest(self, session: Session) -> str:
        """The digest of QEMU's programs that the examples can need, the rules, our rights, and this package's code."""
        required = {need.name for script in session for need in script.requires if isinstance(need, Program)}
        named = {machine.program for machine in session[0].machines if machine.program}
        names = frozenset({EMULATOR, STORAGE_DAEMON, *named, *required})
        if names not in self._digests:
            identities = (identity(self._programs.there(name)) for name in sorted(names))
            self._digests[names] = _digest([*identities, self._shared])
        return self._digests[names]


def identity(program: Path | None) -> str:
    """What tells a program from another build of it, without reading the whole of it."""
    try:
        if program is None:
            return "missing"
        status = program.stat()
        # Whoever copies a file over another can keep the time of its content, but not that of its change.
        identity = f"{program} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
        with program.open("rb") as file:
            is_script = file.read(len(_ELF)) != _ELF
    except OSError as error:
        return f"{program} {error.strerror}"
    return f"{identity} {_version(program, identity)}" if is_script else identity


@cache
def _version(program: Path, _identity: str) -> str:
    """What a script says that starts a QEMU, which can be another one although the script is the same."""
    try:
        said = subprocess.run(  # noqa: S603 (the program is the one that the user named)
            [program, "--version"], capture_output=True, stdin=subprocess.DEVNULL, check=False, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said.stdout.decode(errors="replace")


@cache
def _code() -> str:
    """The digest of the code that runs examples."""
    return _digest(path.read_text() for path in sorted(Path(__file__).parent.rglob("*.py")))


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("".join(_framed(texts)).encode()).hexdigest()


def _framed(texts: Iterable[str]) -> Iterator[str]:
    """The texts, so that no other texts give the same when they are joined."""
    for text in texts:
        yield f"{len(text)}:{text}"
