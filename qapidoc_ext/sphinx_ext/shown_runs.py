"""What the pages of an output folder say of their examples: a page is written again when that is no longer true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import msgspec
from sphinx.application import Sphinx

from qapidoc_ext.qmp.outcome import Run
from qapidoc_ext.qmp.replace import replace_file
from qapidoc_ext.sphinx_ext.domain import qapi_domain
from qapidoc_ext.sphinx_ext.report import logger


def outdated(app: Sphinx, runs: Mapping[str, Sequence[Run | None]]) -> list[str]:
    """The documents whose examples did something else than their pages say."""
    shown = _shown(app)
    return [docname for docname, digest in _digests(runs).items() if digest != shown.get(docname)]


def keep_shown(app: Sphinx, exception: BaseException | None) -> None:
    """Remember it once all pages are written. After a build that did not come so far, all are written again."""
    path = _path(app)
    try:
        if exception:
            path.unlink(missing_ok=True)
        else:
            replace_file(path, msgspec.json.encode(_digests(qapi_domain(app.env).runs)))
    except OSError as error:
        logger.info("%s: cannot be written, so the next build writes all pages with examples: %s", path, error.strerror)


def _shown(app: Sphinx) -> dict[str, str]:
    try:
        return msgspec.json.decode(_path(app).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def _path(app: Sphinx) -> Path:
    """A file beside Sphinx's own: several builders, which have an output folder each, may share that folder."""
    output = sha256(str(app.outdir).encode()).hexdigest()
    return app.doctreedir / f"qmp-shown-{output[:16]}.json"


def _digests(runs: Mapping[str, Sequence[Run | None]]) -> dict[str, str]:
    return {docname: sha256(repr([*map(_said, found)]).encode()).hexdigest() for docname, found in runs.items()}


def _said(run: Run | None) -> Run | None:
    """The run, without the paths of the programs: no page shows them, and what is kept of a run has them not."""
    return run and replace(run, qemus=tuple(replace(qemu, program="") for qemu in run.qemus))
