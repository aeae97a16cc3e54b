"""Which pages show something else than what their examples do now: those, and no others, are written again.

A page that shows what it should was written by this builder to this folder, and not just seen by Sphinx: a build that
was interrupted, or that wrote other pages, has shown nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec
from sphinx.application import Sphinx

from qapidoc_ext.qmp.outcome import Run
from qapidoc_ext.qmp.replace import replace_file
from qapidoc_ext.render.transcript import qemu_name
from qapidoc_ext.sphinx_ext.domain import qapi_domain

FILE = "qmp-pages.json"
"""Beside Sphinx's own files: the digests of what pages show, by the place that they were written to and by document."""
_LINKED = frozenset({"command", "event", "branch"})
"""The kinds of objects that an exchange links to."""
_ENCODER = msgspec.json.Encoder(enc_hook=repr)


def stale_pages(app: Sphinx) -> list[str]:
    """The documents that show something else, or nothing yet."""
    shown = _read(app).get(_place(app), {})
    return [docname for docname, digest in _digests(app).items() if shown.get(docname) != digest]


def note_shown_pages(app: Sphinx, exception: Exception | None) -> None:
    """Remember what the pages show that this build has written."""
    resolved = qapi_domain(app.env).resolved if exception is None else set()
    if not resolved:
        return
    written = {docname: digest for docname, digest in _digests(app).items() if docname in resolved}
    every = _read(app)
    every[_place(app)] = every.get(_place(app), {}) | written
    try:
        replace_file(app.doctreedir / FILE, msgspec.json.encode(every))
    except OSError:
        return  # they are written again the next time


def _place(app: Sphinx) -> str:
    return f"{app.builder.name} {app.outdir}"


def _read(app: Sphinx) -> dict[str, dict[str, str]]:
    try:
        return msgspec.json.decode(Path(app.doctreedir, FILE).read_bytes(), type=dict[str, dict[str, str]])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def _digests(app: Sphinx) -> Mapping[str, str]:
    """Of what examples did, and of what their pages can link to, by document."""
    domain = qapi_domain(app.env)
    links = sorted((*key, target.docname) for key, target in domain.objects.items() if key[1] in _LINKED)
    common = _ENCODER.encode(links)
    return {
        docname: blake2b(common + _ENCODER.encode(_shown(runs)), digest_size=16).hexdigest()
        for docname, runs in domain.runs.items()
    }


def _shown(runs: Sequence[Run | None]) -> list[object]:
    """What a page shows of the runs. A page is read again anyway where its text or that of its examples changes."""
    return [run and (_qemus(run), run.exchanges, run.outcome, run.not_executed, run.allowed_by) for run in runs]


def _qemus(run: Run) -> list[object]:
    """What a page says of the QEMUs: of their programs not the folder, of their start only the day."""
    return [(qemu_name(qemu), qemu.confinement, str(qemu.started.date())) for qemu in run.qemus]
