"""What runs in a build, what is shown as recorded, and what is said of recordings."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from qapidoc_ext.sphinx_ext import observed

GOOD = '-> { "execute": "query-status" }\n<- { "return": { "running": false, ... } }\n'
OTHER = '-> { "execute": "query-version" }\n<- { "return": { "qemu": { "major": <int>, ... }, ... } }\n'
Build = Callable[..., SphinxTestApp]
pytestmark = pytest.mark.usefixtures("emulator")


@pytest.fixture
def build(make_app: Callable[..., SphinxTestApp], tmp_path: Path) -> Build:
    """Builds a page with these examples."""
    source = tmp_path / "source"
    source.mkdir(exist_ok=True)
    (source / "conf.py").write_text('extensions = ["myst_parser", "qapidoc_ext"]\nhtml_theme = "basic"\n')

    def run(*examples: str, qemu: str = os.environ.get("QEMU_BIN", ""), **configuration: object) -> SphinxTestApp:
        fences = [f"```{{qmp-example}}\n{example}```\n" for example in examples]
        (source / "index.md").write_text("# Page\n\n" + "\n".join(fences))
        settings = {"qapidoc_qemu": qemu, "qapidoc_recordings": "recordings", **configuration}
        app = make_app("html", srcdir=source, confoverrides=settings)
        app.build()
        return app

    return run


@pytest.fixture
def nothing(tmp_path: Path) -> str:
    """A folder without QEMU."""
    folder = tmp_path / "no-qemu"
    folder.mkdir()
    return str(folder)


def messages(app: SphinxTestApp) -> str:
    text = app.warning.getvalue().replace(str(app.srcdir) + "/", "")
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if " already registered" not in line)  # a second app's


def page(app: SphinxTestApp) -> str:
    return (app.outdir / "index.html").read_text()


def executed(app: SphinxTestApp) -> int:
    """How many examples ran."""
    return app.status.getvalue().count("running examples... [")


def recordings(app: SphinxTestApp) -> list[Path]:
    return sorted((Path(app.srcdir) / "recordings").rglob("*.json"))


def test_what_has_not_changed_does_not_run_again_and_keeps_its_date(build: Build) -> None:
    first = build(GOOD, OTHER)
    assert executed(first) == 2
    again = build(GOOD, OTHER)
    assert executed(again) == 0
    assert page(again).count("✓ executed live") == 2
    assert page(again) == page(first)


@pytest.mark.parametrize(
    ("changed", "count"),
    [
        (GOOD.replace("false", "<bool>"), 1),
        (f":timeout: 3\n{GOOD}", 1),
        (f":title: Another one\n:name: a\n# Text.\n\n{GOOD}", 0),
        ("".join(f"~ {line}\n" for line in GOOD.splitlines()) + GOOD, 1),
        ("".join(f"~ {line}\n" for line in GOOD.splitlines()), 0),
    ],
    ids=["expected", "option", "only shown", "longer", "hidden"],
)
def test_only_what_decides_the_run_lets_it_run_again(build: Build, changed: str, count: int) -> None:
    build(OTHER, GOOD)
    app = build(OTHER, changed)
    assert executed(app) == count
    assert messages(app) == ""


def test_another_qemu_lets_all_run_again(build: Build, tmp_path: Path, emulator: Path) -> None:
    folder = tmp_path / "qemu"
    folder.mkdir()
    program = folder / "qemu-system-x86_64"
    program.write_text(f'#!/bin/sh\nexec {emulator} "$@"\n')
    program.chmod(0o755)
    assert executed(build(GOOD, qemu=str(folder))) == 1
    assert executed(build(GOOD, qemu=str(folder))) == 0
    os.utime(program)
    assert executed(build(GOOD, qemu=str(folder))) == 1


def test_a_failure_runs_again_until_it_passes(build: Build) -> None:
    wrong = GOOD.replace("false", "true")
    assert build(wrong).statuscode == 1
    again = build(wrong)
    assert executed(again) == 1
    assert again.statuscode == 1


def test_a_cache_that_is_broken_is_not_used(build: Build) -> None:
    app = build(GOOD)
    cache = Path(app.doctreedir) / "qmp-runs.json"
    (run,) = json.loads(cache.read_text())
    run["recording"]["answers"][0]["message"]["return"]["running"] = True
    cache.write_text(json.dumps([run]))
    assert executed(build(GOOD)) == 1
    cache.write_text("[")
    assert executed(build(GOOD)) == 1


def test_without_qemu_a_recording_is_shown_as_one(build: Build, nothing: str) -> None:
    recorded = build(GOOD, qapidoc_record="record")
    assert messages(recorded) == ""
    assert len(recordings(recorded)) == 1
    app = build(GOOD, OTHER, qemu=nothing)
    assert page(app).count("◷ recorded") == 1
    assert page(app).count("○ not executed") == 1
    assert "✓" not in page(app)
    assert messages(app).startswith("WARNING: 1 example is shown as not executed: qemu-system-x86_64 is not in")


def test_a_changed_example_never_shows_an_old_recording(build: Build, nothing: str) -> None:
    build(GOOD, qapidoc_record="record")
    app = build(GOOD.replace("query-status", "query-version"), qemu=nothing)
    assert "◷ recorded" not in page(app)
    assert "a recording of no example, as they are now" in messages(app)
    assert app.statuscode == 0


def test_replay_runs_nothing_and_misses_what_is_not_recorded(build: Build) -> None:
    build(f":name: status\n{GOOD}", qapidoc_record="record")
    app = build(f":name: status\n{GOOD}", qapidoc_record="replay")
    assert (executed(app), app.statuscode, messages(app)) == (0, 0, "")
    assert "◷ recorded" in page(app)
    app = build(f":name: status\n{OTHER}", GOOD.replace("false", "<bool>"), qapidoc_record="replay")
    assert executed(app) == 0
    assert app.statuscode == 1
    assert "index.md:4:1: ERROR: the example has changed since recordings/QEMU-" in messages(app)
    assert "index.md:10:1: ERROR: the example has no recording" in messages(app)


def test_replay_shows_what_was_skipped_when_it_was_recorded(build: Build) -> None:
    text = f":requires: block-job-from-nowhere\n{GOOD}"
    build(text, qapidoc_record="record")
    app = build(text, qapidoc_record="replay")
    assert (executed(app), app.statuscode, messages(app)) == (0, 0, "")
    assert "block-job-from-nowhere" in page(app)


def test_replay_without_recordings_names_their_folder(build: Build) -> None:
    app = build(GOOD, qapidoc_record="replay")
    assert "the example has no recording, and there is no folder " in messages(app)


def test_off_reads_and_writes_nothing(build: Build) -> None:
    build(GOOD, qapidoc_record="record")
    app = build(OTHER, qapidoc_record="off")
    assert (executed(app), messages(app)) == (1, "")
    assert executed(build(OTHER, qapidoc_record="off")) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not a recording: Input data was truncated"),
        ('{"content": "", "version": "7.2.0", "date": "2026-01-01T00:00:00Z", "x": 1}', "contains unknown field `x`"),
        ('{"content": "", "version": "7", "date": "2026-01-01T00:00:00Z"}', "'7' is no version of QEMU"),
        (
            '{"content": "", "version": "7.2.0", "date": "2026-01-01T00:00:00Z", "answers": [{"step": 1, "message": '
            + (300 * '{"a": ' + "1" + 300 * "}")
            + "}]}",
            "more than 100 arrays and objects in each other - at `$.answers[0]`",
        ),
        ("<<<<<<< HEAD\n{}", "it has git's conflict marks"),
        ('{"content": "", "version": "7.2.1", "date": "2026-01-01T00:00:00Z"}', "in the folder QEMU-7.2.0"),
    ],
)
def test_what_is_no_recording_is_one_located_fault(build: Build, tmp_path: Path, text: str, message: str) -> None:
    folder = tmp_path / "source" / "recordings" / "QEMU-7.2.0"
    folder.mkdir(parents=True)
    (folder / "a.json").write_text(text)
    app = build(GOOD)
    assert messages(app).startswith("ERROR: recordings/QEMU-7.2.0/a.json: ")
    assert message in messages(app)
    assert len(messages(app).splitlines()) == 1
    assert app.statuscode == 1
    assert "✓ executed live" in page(app)


def test_a_recording_that_was_tampered_with_is_refused(build: Build, nothing: str) -> None:
    (path,) = recordings(build(GOOD, qapidoc_record="record"))
    path.write_text(path.read_text().replace('"running": false', '"running": true'))
    app = build(GOOD, qemu=nothing)
    assert "expects: $.return.running: expected false, got true" in messages(app)
    assert app.statuscode == 1
    assert "◷ recorded" not in page(app)


def test_a_recording_of_another_version_that_was_tampered_with_is_refused_too(build: Build, tmp_path: Path) -> None:
    (path,) = recordings(build(GOOD, qapidoc_record="record"))
    version = path.parts[-3].removeprefix("QEMU-")
    other = path.parents[2] / "QEMU-1.2.3" / "example.json"
    other.parent.mkdir()
    told = path.read_text().replace(f'"{version}"', '"1.2.3"')
    other.write_text(told)
    (tmp_path / "source" / "matrix.md").write_text("---\norphan: true\n---\n# Matrix\n\n```{qmp-matrix}\n```\n")
    assert (build(GOOD).outdir / "matrix.html").read_text().count("● passed") == 2
    other.write_text(told.replace('"running": false', '"running": true'))
    app = build(GOOD)
    assert "recordings/QEMU-1.2.3/example.json: not a recording of " in messages(app)
    assert "expected false, got true" in messages(app)
    assert len(messages(app).splitlines()) == 1
    assert app.statuscode == 1
    assert (app.outdir / "matrix.html").read_text().count("● passed") == 1


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A folder in which nothing can be made: not even root can in this one."""
    folder = tmp_path / "source" / "recordings"
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("")
    return folder


def test_recordings_that_cannot_be_written_are_one_warning(build: Build, full: Path) -> None:
    assert full.is_file()
    app = build(GOOD, OTHER, qapidoc_record="record")
    assert messages(app).count("recordings cannot be written: Not a directory") == 1
    assert len(messages(app).splitlines()) == 1
    assert app.statuscode == 0
    assert page(app).count("✓ executed live") == 2


@pytest.fixture
def schemas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(observed, "recorded_versions", tuple)  # each two of which have a page: that takes seconds
    path = tmp_path / "schema.json"
    path.write_text("{ 'command': 'light-all' }\n")
    return {"qmp": str(path)}


def test_what_is_only_checked_by_the_schema_says_so(build: Build, nothing: str, schemas: dict[str, str]) -> None:
    app = build('-> { "execute": "light-all" }\n', qemu=nothing, qapidoc_schemas=schemas)
    assert "◇ schema-checked only" in page(app)
    assert "Its requests are allowed by the schema 'qmp'." in page(app)
    assert app.statuscode == 0
    app = build('-> { "execute": "light-al" }\n', qemu=nothing, qapidoc_schemas=schemas)
    assert "◇" not in page(app)
    assert "index.md:4:17: ERROR: $.execute: there is no command 'light-al'" in messages(app)
    assert app.statuscode == 1


def test_a_recording_is_checked_by_the_schema_too(build: Build, nothing: str, schemas: dict[str, str]) -> None:
    build(GOOD, qapidoc_record="record")
    app = build(GOOD, qemu=nothing, qapidoc_schemas=schemas)
    assert "index.md:4:17: ERROR: $.execute: there is no command 'query-status'" in messages(app)
    assert "◷ recorded" in page(app)


@pytest.mark.parametrize("programs", [{}, {"qmp": "qemu-storage-daemon"}, {"qmp": "qemu-system-aarch64"}])
def test_the_schema_of_another_program_checks_no_example(
    build: Build, nothing: str, schemas: dict[str, str], programs: dict[str, str]
) -> None:
    app = build(GOOD, qemu=nothing, qapidoc_schemas=schemas, qapidoc_programs=programs)
    assert "ERROR" not in messages(app)
    assert app.statuscode == 0
    assert "○ not executed" in page(app)


def test_what_the_schema_does_not_allow_is_told_by_each_build(
    build: Build, nothing: str, schemas: dict[str, str]
) -> None:
    def allows() -> tuple[bool, bool]:
        app = build('-> { "execute": "light-all" }\n', qemu=nothing, qapidoc_schemas=schemas)
        told = "there is no command 'light-all'" in messages(app)
        return told, "Its requests are allowed by the schema 'qmp'." in page(app)

    assert allows() == (False, True)
    Path(schemas["qmp"]).write_text("{ 'command': 'dark-all' }\n")
    assert [allows(), allows()] == [(True, False)] * 2


def test_a_schema_with_faults_allows_nothing_and_others_what_they_do(
    build: Build, nothing: str, schemas: dict[str, str]
) -> None:
    faulty = Path(schemas["qmp"]).with_name("faulty.json")
    faulty.write_text("{ 'command': 'light-all' }\n{ 'command': 'light-all' }\n")
    example = '-> { "execute": "light-all" }\n'
    assert "○ not executed" in page(build(example, qemu=nothing, qapidoc_schemas={"qmp": str(faulty)}))
    both = build(example, qemu=nothing, qapidoc_schemas=schemas | {"qga": str(faulty)})
    assert "Its requests are allowed by the schema 'qmp'." in page(both)


def test_an_example_of_another_version_is_not_checked(build: Build, nothing: str, schemas: dict[str, str]) -> None:
    app = build(':requires: qemu>=99\n-> { "execute": "light-al" }\n', qemu=nothing, qapidoc_schemas=schemas)
    assert "ERROR" not in messages(app)
    assert "○ not executed" in page(app)


def test_each_machine_has_the_schema_of_its_program(build: Build, nothing: str, schemas: dict[str, str]) -> None:
    daemon = Path(schemas["qmp"]).with_name("daemon.json")
    daemon.write_text("{ 'command': 'dark-all' }\n")
    both = schemas | {"qsd": str(daemon)}
    machines = ":machines: lamp, another, shade=qemu-storage-daemon\n"
    requests = 'lamp-> { "execute": "light-all" }\nshade-> { "execute": "dark-all" }\n'
    swapped = 'lamp-> { "execute": "dark-all" }\nshade-> { "execute": "light-all" }\n'
    app = build(machines + requests, qemu=nothing, qapidoc_schemas=both)
    assert (app.statuscode, "ERROR" in messages(app)) == (0, False)
    assert "Its requests are allowed by the schema 'qmp' and the schema 'qsd'." in page(app)
    app = build(machines + swapped, qemu=nothing, qapidoc_schemas=both)
    assert "index.md:5:21: ERROR: $.execute: there is no command 'dark-all'; there is: light-all" in messages(app)
    assert "index.md:6:22: ERROR: $.execute: there is no command 'light-all'; there is: dark-all" in messages(app)
    app = build(machines + requests, qemu=nothing, qapidoc_schemas=schemas)
    assert "ERROR" not in messages(app)
    assert "○ not executed" in page(app)


def test_the_matrix_shows_what_is_recorded_of_the_examples_as_they_are(build: Build, tmp_path: Path) -> None:
    new = f":name: new\n:requires: qemu>=99\n{OTHER}"
    recorded = build(f":name: good\n:title: <Good>\n{GOOD}", new, qapidoc_record="record")
    (tmp_path / "source" / "matrix.md").write_text("---\norphan: true\n---\n# Matrix\n\n```{qmp-matrix}\n```\n")
    app = build(f":name: good\n:title: <Good>\n{GOOD}", new)
    table = (app.outdir / "matrix.html").read_text()
    version = recordings(recorded)[0].parts[-3].removeprefix("QEMU-")
    assert f"QEMU {version} " in table
    assert re.search(r'<a [^>]*href="index.html#example-good">&lt;Good&gt;</a>', table)
    assert re.search(r'<tr class="qapi-group[^"]*"><td colspan="3"><p><a [^>]*href="index.html">', table)
    assert table.count("✓ executed live") == 1
    assert table.count("● passed") == 1
    assert table.count(f"○ needs QEMU 99, this is {version}") == 1
    app = build(f":name: good\n{GOOD.replace('false', '<bool>')}", new)
    table = (app.outdir / "matrix.html").read_text()
    assert "● passed" not in table
    assert table.count("not recorded") == 1


def test_tabs_are_only_where_they_can_be_opened(build: Build, make_app: Callable[..., SphinxTestApp]) -> None:
    app = build(GOOD)
    assert page(app).count('class="sd-tab-label"') == 3
    assert "_static/sphinx-design.min.css" in page(app)
    assert page(app).count('checked="checked"') == 1
    other = make_app("text", srcdir=app.srcdir, confoverrides={"qapidoc_qemu": os.environ.get("QEMU_BIN", "")})
    other.build()
    assert (other.outdir / "index.txt").read_text().count('-> { "execute": "query-status" }') == 1
