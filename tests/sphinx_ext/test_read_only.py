"""What drivers do with `read-only` and `auto-read-only`: measured in a build, and shown on its pages."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from qapidoc_ext.qmp.archive import read_archive
from qapidoc_ext.qmp.digest import content_digest
from qapidoc_ext.qmp.documents import examples_in
from qapidoc_ext.qmp.read_only_subjects import SUBJECTS
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.sphinx_ext import read_only, read_only_pages
from qapidoc_ext.sphinx_ext.finished import FILE
from qapidoc_ext.sphinx_ext.pages import write_sources

SCHEMA = """\
{ 'enum': 'BlockdevDriver', 'data': [ 'file', 'null-co', 'ssh' ] }
{ 'struct': 'Own', 'data': { '*filename': 'str' } }
{ 'union': 'BlockdevOptions', 'discriminator': 'driver',
  'base': { 'driver': 'BlockdevDriver', '*read-only': 'bool', '*auto-read-only': 'bool' },
  'data': { 'file': 'Own', 'null-co': 'Own', 'ssh': 'Own' } }
{ 'command': 'blockdev-add', 'data': 'BlockdevOptions', 'boxed': true }
"""
ROOT = Path(__file__).parent.parent.parent
INDEX = "See {qapi:page}`read-only`.\n"
MEASURED = [subject for subject in SUBJECTS if subject.driver in {"file", "null-co"}]
Build = Callable[..., SphinxTestApp]
pytestmark = pytest.mark.usefixtures("emulator")


@pytest.fixture
def build(make_app: Callable[..., SphinxTestApp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """Builds the reference of a small schema, where two of its three drivers are measured."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text('extensions = ["myst_parser", "qapidoc_ext"]\nhtml_theme = "basic"\n')

    def run(
        builder: str = "html", *, subjects: object = MEASURED, schema: str = SCHEMA, **configuration: object
    ) -> SphinxTestApp:
        monkeypatch.setattr(read_only, "SUBJECTS", subjects)
        monkeypatch.setattr(read_only_pages, "SUBJECTS", subjects)
        if schema:
            (source / "schema.json").write_text(schema)
        (source / "index.md").write_text(f"# Page\n\n{INDEX if schema else ''}")
        settings = {
            "qapidoc_schemas": {"qmp": "schema.json" if schema else ""},
            "qapidoc_programs": {},
            "qapidoc_qemu": os.environ.get("QEMU_BIN", ""),
            **configuration,
        }
        app = make_app(builder, srcdir=source, confoverrides=settings)
        app.build()
        return app

    return run


def messages(app: SphinxTestApp) -> str:
    lines = app.warning.getvalue().splitlines(keepends=True)
    return "".join(line for line in lines if " already registered" not in line)  # a second app's


def page(app: SphinxTestApp, address: str) -> str:
    return (app.outdir / "reference" / "qmp" / f"{address}.html").read_text()


def rows(app: SphinxTestApp, address: str) -> list[list[str]]:
    """The text of the cells of the table."""
    (table,) = re.findall(r'<table class="[^"]*qapi-read-only.*?</table>', page(app, address), re.DOTALL)
    found = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    cells = [re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL) for row in found]
    return [[" ".join(re.sub(r"<[^>]*>", "", cell).split()) for cell in row] for row in cells]


DYNAMIC = [
    "read-only=off, auto-read-only=on",
    "false · O_RDONLY",
    "false · O_RDWR · accepted",
    "false · O_RDONLY",
    "false · O_RDONLY · refused",
    "dynamic read-only",
]


def test_the_page_of_a_driver_has_its_rows_and_each_leads_to_its_transcript(build: Build) -> None:
    app = build()
    assert messages(app) == ""
    found = rows(app, "driver/file")
    assert found[0] == ["Members", "Idle", "Writer attached", "Writer gone", "No write permission", "Semantics"]
    assert re.fullmatch(r"file: a file whose .* ✓ executed live .* \d{4}-\d\d-\d\d", found[1][0])
    assert len(found) == 7
    assert DYNAMIC in found
    assert found[2][:4] == ["neither", "false · O_RDWR", "false · O_RDWR · accepted", "false · O_RDWR"]
    assert found[2][4:] == ["no node", "hard read/write"]
    links = re.findall(r'href="(\.\./read-only/file\.html)#(example-[\w-]+)"', page(app, "driver/file"))
    assert len(links) == 5
    transcripts = page(app, "read-only/file")
    assert all(f'id="{anchor}"' in transcripts for _, anchor in links)
    assert transcripts.count("✓ executed live") == 6  # each, and above the table
    assert rows(app, "read-only/file") == found


def test_what_cannot_be_seen_and_what_is_not_measured_says_so(build: Build) -> None:
    app = build()
    (default,) = [row for row in rows(app, "driver/null-co") if row[0] == "neither"]
    assert default[1:3] == ["false · not observable", "false · not observable · accepted"]
    assert default[4:] == ["not observable", "not observable"]
    assert "<p>Not measured: it needs a server.</p>" in page(app, "driver/ssh")
    assert "qapi-read-only" not in page(app, "driver/ssh")


def test_a_page_has_all_of_them_and_the_others_lead_there(build: Build) -> None:
    app = build()
    assert len(rows(app, "read-only/index")) == 1 + 2 * 6
    assert "whether QEMU makes that export. Nothing was\nwritten to it" in page(app, "read-only/index")
    for address in ("driver/file", "driver/ssh", "driver"):
        assert "read-only/index.html" in page(app, address)
    assert 'href="reference/qmp/read-only/index.html"' in (app.outdir / "index.html").read_text()


def test_pages_are_written_again_only_when_something_else_was_found_out(build: Build, tmp_path: Path) -> None:
    first = build()
    address = first.outdir / "reference" / "qmp" / "driver" / "file.html"
    before = address.stat().st_mtime_ns
    build()
    assert address.stat().st_mtime_ns == before
    (first.doctreedir / FILE).unlink()
    build()
    assert address.stat().st_mtime_ns != before
    (tmp_path / "empty").mkdir()
    assert "not measured: qemu-s" in page(build(qapidoc_qemu=str(tmp_path / "empty")), "driver/file")
    assert DYNAMIC in rows(build(), "driver/file")


def test_without_qemu_rows_are_as_recorded_and_say_so(build: Build, tmp_path: Path) -> None:
    recording = {"qapidoc_recordings": "recordings"}
    live = rows(build(qapidoc_record="record", **recording), "driver/file")
    (tmp_path / "empty").mkdir()
    app = build(qapidoc_qemu=str(tmp_path / "empty"), **recording)
    found = rows(app, "driver/file")
    assert [*DYNAMIC[:-1], "dynamic read-only (◷ recorded)"] in found
    assert re.search(r"◷ recorded .*\d+\.\d+\.\d+", found[1][0])
    assert "✓" not in page(app, "driver/file")
    assert [row[:5] for row in found[2:]] == [row[:5] for row in live[2:]]
    assert len(list((app.srcdir / "recordings").rglob("reference/qmp/read-only/file.rst/*.json"))) == 5
    without = build(schema="", **recording)
    assert "a recording of no example" not in messages(without)


def test_without_qemu_and_recordings_there_is_no_result(build: Build, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = rows(build(qapidoc_qemu=str(tmp_path / "empty")), "driver/file")
    assert "○ not executed" in found[1][0]
    assert [len(row) for row in found[2:]] == [2] * 5
    assert all(row[1].startswith("not measured: qemu-s") for row in found[2:])


def test_a_qemu_without_the_driver_is_no_fault_of_the_build(build: Build) -> None:
    broken = replace(MEASURED[0], before='-> { "execute": "blockdev-add", "arguments": { "driver": "none" } }')
    app = build(subjects=[broken])
    assert app.statuscode == 0
    assert messages(app) == ""
    assert all(row[1].startswith("not measured: expected") for row in rows(app, "driver/file")[2:])


def test_a_schema_without_block_drivers_has_no_such_pages(build: Build) -> None:
    app = build(schema=SCHEMA.replace("BlockdevOptions", "Others"))
    assert "qapi:page" in messages(app)  # the link of the first page leads nowhere
    assert not (app.outdir / "reference" / "qmp" / "read-only").exists()


def test_a_second_namespace_with_block_drivers_shows_what_the_first_measured(build: Build) -> None:
    app = build(qapidoc_schemas={"qmp": "schema.json", "qsd": "schema.json"})
    assert messages(app) == ""
    second = (app.outdir / "reference" / "qsd" / "driver" / "file.html").read_text()
    assert 'href="../../qmp/read-only/file.html#example-off-on"' in second
    assert not (app.outdir / "reference" / "qsd" / "read-only").exists()


def test_every_builder_takes_the_pages(build: Build) -> None:
    for builder in ("dirhtml", "singlehtml", "man", "latex", "xml"):
        app = build(builder, subjects=[subject for subject in MEASURED if subject.driver == "null-co"])
        assert messages(app) == ""
        assert app.statuscode == 0
    xml = (app.outdir / "reference" / "qmp" / "driver" / "null-co.xml").read_text()
    assert "false · not observable · accepted" in xml


def test_each_example_is_recorded(tmp_path: Path) -> None:
    archive = read_archive(ROOT / "recordings")
    write_sources(tmp_path, read_only_pages.read_only_sources())
    scripts = [script for page in sorted(tmp_path.rglob("*.rst")) for script in examples_in(page)]
    assert len(scripts) == 5 * len(SUBJECTS)
    for script in scripts:
        assert isinstance(script, Script)
        kept = archive.find(content_digest([script], script))
        assert kept, script.header.title
        assert not kept.recording.skipped
