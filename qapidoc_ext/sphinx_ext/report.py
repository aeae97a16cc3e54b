"""Faults, as messages of the build."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

from qapidoc_ext.qmp.machine import quoted
from qapidoc_ext.source import Finding

logger = logging.getLogger(__name__)


class Subject(Enum):
    """What a message is about: the second word in its brackets, `[qapidoc.schema]`."""

    SCHEMA = "schema"
    EXAMPLE = "example"
    DECISION = "decision"
    MISSING = "missing"
    RECORDING = "recording"
    KEPT = "kept"
    OUTPUT = "output"


def report_faults(app: Sphinx, findings: Iterable[Finding], subject: Subject, stderr: str = "") -> None:
    """Print each fault at its place, with what QEMU said on its stderr, and have the build fail once it is done."""
    for finding in findings:
        # Sphinx takes a location without a colon for the name of a document.
        text, location = (finding.message, str(finding.location)) if finding.location.line else (str(finding), None)
        text = f"{text}\n{quoted(stderr)}" if stderr else text
        logger.error("%s", text, location=location, type="qapidoc", subtype=subject.value)
        app.statuscode = 1


def warn_missing(message: str) -> None:
    """Say that something that the build could have shown is not there. The build does not fail."""
    logger.warning("%s", message, type="qapidoc", subtype=Subject.MISSING.value)


def warn_recording(message: str) -> None:
    """Say that a recording could not be written, or that nothing uses it. The build does not fail."""
    logger.warning("%s", message, type="qapidoc", subtype=Subject.RECORDING.value)


def warn_not_kept(path: Path, what: str, error: OSError) -> None:
    """Say that the next build will not know what this one does. The build does not fail."""
    message = "%s: %s cannot be kept, so that the next build does it again: %s; see to it that the file can be written"
    logger.warning(message, path, what, error.strerror, type="qapidoc", subtype=Subject.KEPT.value)
