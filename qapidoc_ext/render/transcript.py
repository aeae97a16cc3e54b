"""An example, and what happened when it ran."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from docutils import nodes

from qapidoc_ext.qmp.machine import Qemu
from qapidoc_ext.qmp.outcome import Failed, Passed, Run, Sent, Skipped
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.render.build import label, labels, literal, paragraph, tabs
from qapidoc_ext.render.example import fault_block
from qapidoc_ext.render.exchange import Notation, block, exchanges
from qapidoc_ext.render.nodes import fold_title, whole_example


def transcript(run: Run, *, in_tabs: bool = False) -> nodes.admonition:
    """What happened in a run; where nothing could, the example's own text, as what nobody has checked.

    :param in_tabs: whether the requests stand in all their notations, each in a tab, and not just as they are written.
    """
    title = run.script.header.title or run.script.header.name or "Example"
    outcome = type(run.outcome).__name__.lower()
    return nodes.admonition(
        "",
        nodes.title("", title),
        labels(_evidence(run)),
        *_explanation(run),
        *_exchanged(run, in_tabs=in_tabs),
        *_whole(run),
        classes=["qmp-transcript", f"qmp-{outcome}"],
        ids=[anchor(run.script)] if run.script.header.name else [],
    )


def anchor(script: Script) -> str:
    """The id of an example that has a name."""
    return example_anchor(script.header.name)


def example_anchor(name: str) -> str:
    """The id of an example of this name."""
    return f"example-{name}"


def evidence(run: Run) -> str:
    """In a few words, whether the example was executed, by which QEMU and when."""
    return " ".join(node.astext() for node in _evidence(run))


def badge(run: Run) -> str:
    """In one or two words, whether the example was executed."""
    return next(_evidence(run)).astext()


def mention(run: Run) -> list[nodes.Node]:
    """The title of an example that has a name, as a link to it on the same page, and whether it was executed."""
    name = run.script.header.name
    link = nodes.reference("", run.script.header.title or name, internal=True, refid=anchor(run.script))
    return [link, nodes.Text(f", {badge(run)}")]


def _evidence(run: Run) -> Iterator[nodes.Node]:
    match run.outcome:
        case Passed() if run.not_executed:
            yield label("recorded", "◷ recorded")
        case Passed() if _options(run):
            yield label("simulated", "✓ executed with a simulated interface")
        case Passed():
            yield label("live", "✓ executed live")
        case Failed():
            yield label("failed", "✕ failed")
        case Skipped() if run.allowed_by:
            yield label("skipped", "◇ schema-checked only")
        case Skipped():
            yield label("skipped", "○ not executed")
        case _:
            assert_never(run.outcome)
    for option in _options(run):
        yield label("option", f"option {option}")
    for name in dict.fromkeys(map(qemu_name, run.qemus)):
        yield label("qemu", name)
    for date in sorted({f"{qemu.started:%Y-%m-%d}" for qemu in run.qemus}):
        yield label("date", date)


def _options(run: Run) -> tuple[str, ...]:
    """The design options whose interfaces the machines have, in the place of their own."""
    return tuple(dict.fromkeys(machine.option for machine in run.script.machines if machine.option))


def qemu_name(qemu: Qemu) -> str:
    """Which QEMU it was: `QEMU 7.2.22 (Debian 1:7.2+dfsg-7)`."""
    program = "qemu-storage-daemon" if qemu.is_storage_daemon else "QEMU"
    return f"{program} {qemu.version} ({qemu.package})" if qemu.package else f"{program} {qemu.version}"


def _explanation(run: Run) -> list[nodes.Node]:
    match run.outcome:
        case Passed() if run.not_executed:
            return [paragraph(f"This build did not execute it: {run.not_executed}. What follows is a recording.")]
        case Passed():
            return []
        case Failed(findings=findings, stderr=stderr):
            told = paragraph("QEMU did not do what this example expects. It was executed up to this:")
            return [told, fault_block(findings, stderr)]
        case Skipped(reason=reason):
            schemas = " and ".join(f"the schema '{name}'" for name in run.allowed_by)
            checked = f" Its requests are allowed by {schemas}." if schemas else ""
            expected = f"This build did not execute it: {reason}.{checked} What follows is what the example expects."
            return [paragraph(expected)]
        case _:
            assert_never(run.outcome)


def _whole(run: Run) -> Iterator[nodes.Node]:
    """The example as it is written, its set-ups and hidden lines too, and the rights of its machines."""
    texts = [block("written", [nodes.Text(script.text.strip("\n"))]) for script in (*run.script.setups, run.script)]
    if isinstance(run.outcome, Skipped):
        yield from texts
    elif run.qemus:
        machines = zip(run.script.machines, run.qemus, strict=True)
        rights = [
            paragraph(literal(machine.name), f": {qemu_name(qemu)}, {qemu.confinement}") for machine, qemu in machines
        ]
        yield whole_example("", fold_title("", "The whole example"), *texts, *rights, classes=["qmp-whole"])


def _exchanged(run: Run, *, in_tabs: bool) -> Iterable[nodes.Node]:
    """What was exchanged; in tabs, with each notation of the requests, of which the example's own first one is open."""
    first = next((one for one in run.exchanges if isinstance(one, Sent) and not one.hidden), None)
    if first is None or not in_tabs:
        return exchanges(run, Notation.WRITTEN)
    is_open = Notation.SHELL if first.shell else Notation.JSON
    return [
        tabs(
            (notation.value, notation is is_open, exchanges(run, notation))
            for notation in (Notation.JSON, Notation.SHELL, Notation.PYTHON)
        )
    ]
