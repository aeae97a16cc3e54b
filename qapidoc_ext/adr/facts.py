"""What evidence comes down to: facts in words, the same in every build until QEMU, a schema or an example differs.

No text of a reply is among them: paths, descriptors and the wording of errors change from build to build.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from qapidoc_ext.adr.interface import InterfaceChange
from qapidoc_ext.adr.recorded import Answers
from qapidoc_ext.qmp.outcome import Run, Skipped
from qapidoc_ext.qmp.trial import Facts, facts_of

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
    """What an example found out; None where it was not run."""
    return None if isinstance(run.outcome, Skipped) else tuple(facts_of(run))
