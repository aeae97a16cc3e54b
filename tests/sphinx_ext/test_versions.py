"""Versions on the pages of a small schema, built by Sphinx with a live QEMU and the recordings."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path

import msgspec
import pytest
from sphinx.errors import ConfigError, ExtensionError, SphinxError
from sphinx.testing.util import SphinxTestApp

from qapidoc_ext import introspect
from qapidoc_ext.introspect import recordings
from qapidoc_ext.introspect.item import Item
from qapidoc_ext.introspect.observed import NOTHING, Observation
from qapidoc_ext.introspect.presence import PRESENT, Presence, State
from qapidoc_ext.introspect.recordings import recorded_versions
from qapidoc_ext.introspect.span import Span
from qapidoc_ext.qmp.machine import Machine
from qapidoc_ext.render.data import DefinitionData, IndexData
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.schema.load import load
from qapidoc_ext.sphinx_ext import history
from qapidoc_ext.sphinx_ext.digests import Digests
from qapidoc_ext.sphinx_ext.pages import pages

SCHEMA = """
##
# @VersionTriple:
#
# @major: the first number
#
# @minor: the second
#
# @micro: the third
#
# Since: 2.4
##
{ 'struct': 'VersionTriple', 'data': { 'major': 'int', 'minor': 'int', 'micro': 'int' } }

{ 'struct': 'VersionInfo', 'data': { 'qemu': 'VersionTriple', 'package': 'str' } }

##
# @query-version:
#
# Since: 0.14
##
{ 'command': 'query-version', 'returns': 'VersionInfo' }

##
# @query-weather:
#
# Since: 99.0
##
{ 'command': 'query-weather', 'if': 'CONFIG_WEATHER' }
"""
LIVE = {"qapidoc_programs": {"qmp": "qemu-system-x86_64"}, "qapidoc_branch_pages": {}}
Build = Callable[..., SphinxTestApp]


@pytest.fixture(autouse=True)
def fewer_recordings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of them, which take less time than all."""
    paths = recordings._paths()  # noqa: SLF001
    fewer = {version: paths[version] for version in ("2.5.0", "9.2.0", "10.0.0")}
    monkeypatch.setattr(recordings, "_paths", lambda: fewer)


@pytest.fixture
def build(make_app: Callable[..., SphinxTestApp], tmp_path: Path) -> Build:
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text('extensions = ["qapidoc_ext"]\nqapidoc_schemas = {"qmp": "schema.json"}\n')
    (source / "index.rst").write_text("Versions\n========\n\n:qapi:cmd:`query-version`\n")

    def run(schema: str = SCHEMA, builder: str = "html", **arguments: object) -> SphinxTestApp:
        (source / "schema.json").write_text(schema)
        app = make_app(builder, srcdir=source, **arguments)
        app.build()
        return app

    return run


def messages(app: SphinxTestApp) -> list[str]:
    return app.warning.getvalue().splitlines()


def reread(app: SphinxTestApp) -> list[str]:
    lines = re.findall(r"reading sources\.\.\.[^\r\n]*", app.status.getvalue())
    return [name for line in lines if (name := line.partition("] ")[2].strip())]


def page(app: SphinxTestApp, address: str) -> str:
    text = (app.outdir / "reference" / "qmp" / f"{address}.html").read_text()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", text.partition('role="main"')[2]))


def test_a_live_qemu_and_the_recordings_fill_the_pages(build: Build, emulator: Path) -> None:
    app = build(confoverrides=LIVE | {"qapidoc_qemu": str(emulator.parent)})
    assert messages(app) == []
    versions = page(app, "command/query-version")
    assert "seen since 2.5.0 or before" in versions
    assert "in this QEMU" in versions
    assert "not in this QEMU: another version (documented since 99.0)" in page(app, "command/query-weather")
    assert " in no recording up to 10.0.0" in page(app, "command/query-weather")
    assert "query-status command" in page(app, "this-qemu")
    assert "was not checked: a QEMU beside" in page(app, "this-qemu")
    newest = page(app, "changes/10.0.0")
    assert newest.index("cpr-transfer") < newest.index("Compatible") < newest.index("blockdev-set-active")
    html = (app.outdir / "reference/qmp/command/query-version.html").read_text()
    assert '<abbr class="qapi-version" title="released 2024-12-10">9.2.0</abbr>' in html


def test_a_history_that_cannot_be_kept_is_one_warning(build: Build, tmp_path: Path) -> None:
    doctrees = tmp_path / "source" / "_build" / "doctrees"
    (doctrees / "qapidoc-history-qmp.json").mkdir(parents=True)
    app = build(confoverrides=LIVE | {"qapidoc_qemu": str(tmp_path)})
    [message] = [line for line in messages(app) if "qapidoc.missing" not in line]
    assert "qapidoc-history-qmp.json: what the recordings have of the schema cannot be kept" in message
    assert "seen since 2.5.0 or before" in page(app, "command/query-version")
    assert not list(doctrees.glob(".qapidoc-history*"))


def test_every_page_has_its_data_and_they_say_the_same(build: Build, emulator: Path) -> None:
    app = build(confoverrides=LIVE | {"qapidoc_qemu": str(emulator.parent)})
    folder = app.outdir / "reference" / "qmp"
    index = msgspec.json.decode((folder / "index.json").read_bytes(), type=IndexData)
    assert index.qemu in page(app, "this-qemu")
    assert tuple(version.version for version in index.recorded) == recorded_versions()
    listed = {item.file for item in index.definitions}
    assert listed == {path.relative_to(folder).as_posix() for path in folder.rglob("*.json")} - {"index.json"}
    kinds = ("command", "event", "type")
    assert listed == {f"{kind}/{path.stem}.json" for kind in kinds for path in (folder / kind).glob("*.html")}
    for item in index.definitions:
        data = msgspec.json.decode((folder / item.file).read_bytes(), type=DefinitionData)
        assert (data.name, data.kind, data.module) == (item.name, item.kind, item.module)
        text = page(app, item.file.removesuffix(".json"))
        presence = data.versions.presence
        assert presence
        assert ("in this QEMU" in text.replace("not in this QEMU", "")) is (presence.state == "present")
        assert presence.why in text
        assert all(member.name in text and member.documentation in text for member in data.members)
        assert data.versions.documented in text
        for run in data.versions.seen or ():
            assert run.first in text


def test_the_link_leads_to_the_data_whatever_the_builder_calls_its_pages(build: Build) -> None:
    for builder in ("html", "dirhtml"):
        app = build(builder=builder, confoverrides={"qapidoc_programs": {}})
        [written] = app.outdir.rglob("query-version*/index.html" if builder == "dirhtml" else "query-version.html")
        [address] = re.findall(r'href="([^"]*\.json)"', written.read_text())
        assert (written.parent / address).resolve() == app.outdir / "reference/qmp/command/query-version.json"
    text = build(builder="text", confoverrides={"qapidoc_programs": {}})
    assert "json" not in (text.outdir / "reference/qmp/command/query-version.txt").read_text()
    assert not list(text.outdir.rglob("*.json"))


def test_data_of_what_is_no_more_is_removed(build: Build) -> None:
    settings: dict[str, object] = {"qapidoc_programs": {}}
    weather = build(confoverrides=settings).outdir / "reference/qmp/command/query-weather.json"
    assert weather.exists()
    build(SCHEMA.replace("query-weather", "query-climate"), confoverrides=settings)
    assert not weather.exists()


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (None, "qemu-system-x86_64 is not in the folder"),
        ("exit 3", "QEMU did not greet: it closed its monitor; it exited with status 3"),
        ("case $* in *chardev*) exec sleep 60; esac", "QEMU did not greet within 5 s; it still runs"),
    ],
)
def test_a_qemu_that_cannot_be_asked_is_one_warning_and_said_on_the_pages(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, reason: str
) -> None:
    monkeypatch.setattr(Machine, "launch", partial(Machine.launch, deadline=5))
    if script:
        program = tmp_path / "qemu-system-x86_64"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o700)
    app = build(confoverrides=LIVE | {"qapidoc_qemu": str(tmp_path)})
    [message] = messages(app)
    assert message.startswith(f"WARNING: the reference of 'qmp' is not compared with a QEMU: {reason}")
    assert message.endswith("[qapidoc.missing]")
    assert app.statuscode == 0
    assert "not compared with a QEMU" in page(app, "command/query-version")
    assert reason in page(app, "this-qemu")
    assert "seen since 2.5.0 or before" in page(app, "command/query-version")  # the recordings are there


def test_a_namespace_whose_program_is_not_named_is_compared_with_nothing(build: Build) -> None:
    app = build(confoverrides={"qapidoc_programs": {}})
    assert messages(app) == []
    assert "not compared with a QEMU" in page(app, "command/query-version")
    assert not (app.outdir / "reference/qmp/changes").exists()


@pytest.mark.parametrize("name", ["gone", "changes-index"])
def test_a_page_about_versions_is_a_fault_where_there_are_no_recordings(
    build: Build, tmp_path: Path, name: str
) -> None:
    (tmp_path / "source" / "index.rst").write_text(f"Versions\n========\n\n.. qapi:{name}:: qmp 9.2.0..10.0.0\n")
    app = build(confoverrides={"qapidoc_programs": {}})
    assert len(messages(app)) == 1
    assert "index.rst:4: WARNING: the schema for 'qmp' has no '9.2.0..10.0.0'" in messages(app)[0]


def test_versions_that_are_named_are_compared(build: Build, tmp_path: Path) -> None:
    known = LIVE | {"qapidoc_qemu": str(tmp_path)}
    folder = build(confoverrides=known).outdir / "reference/qmp/changes"
    assert [path.stem for path in folder.glob("*.0-*.html")] == ["2.5.0-10.0.0"]
    assert 'href="2.5.0-10.0.0.html"' in (folder / "index.html").read_text()
    build(confoverrides=known | {"qapidoc_compared": ["2.5.0", "9.2.0"]})
    assert not [*folder.glob("*.0-*.html")]
    assert "2.5.0-10.0.0" not in (folder / "index.html").read_text()
    with pytest.raises(ConfigError, match=r"no recording of '9\.2'; there are those of 2\.5\.0, "):
        build(confoverrides=known | {"qapidoc_compared": ["9.2"]})


def test_the_search_finds_no_page_of_changes_but_the_list_of_them(build: Build, tmp_path: Path) -> None:
    app = build(confoverrides=LIVE | {"qapidoc_qemu": str(tmp_path)})
    index = (app.outdir / "searchindex.js").read_text().removeprefix("Search.setIndex(").removesuffix(")")
    search = json.loads(index)
    numbers = [found if isinstance(found, list) else [found] for found in search["terms"].values()]
    found = {search["docnames"][number] for number in chain(*numbers)}
    assert [name for name in found if "/changes/" in name] == ["reference/qmp/changes/index"]
    assert not [title for title in search["titles"] if title.startswith("QEMU ")]
    assert "QEMU 2.5.0 to" in page(app, "changes/2.5.0-10.0.0")


def test_the_search_finds_a_command_that_is_gone(build: Build, tmp_path: Path) -> None:
    app = build(confoverrides=LIVE | {"qapidoc_qemu": str(tmp_path)})
    assert "migrate_set_speed command 2.5.0 " in page(app, "gone")
    index = (app.outdir / "searchindex.js").read_text().removeprefix("Search.setIndex(").removesuffix(")")
    assert "migrate_set_speed" in json.loads(index)["indexentries"]


def test_the_recordings_are_read_once(build: Build, emulator: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = LIVE | {"qapidoc_qemu": str(emulator.parent)}
    build(confoverrides=settings)

    def read_again(version: str) -> None:
        raise AssertionError(f"{version} is read again")

    monkeypatch.setattr(history, "recording", read_again)
    assert reread(build(confoverrides=settings)) == []
    with pytest.raises(ExtensionError, match="read again"):
        build(SCHEMA.replace("VersionTriple", "Triple"), confoverrides=settings)


def test_that_no_recording_has_anything_is_kept_too(build: Build, tmp_path: Path) -> None:
    settings = LIVE | {"qapidoc_qemu": str(tmp_path)}
    schema = "{ 'struct': 'Unused', 'data': {} }\n"
    looked = ["looking for the schema's" in build(schema, confoverrides=settings).status.getvalue() for _ in range(2)]
    assert looked == [True, False]


def test_several_processes_find_the_history_that_one_finds(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = LIVE | {"qapidoc_qemu": str(tmp_path)}
    monkeypatch.setattr(history, "_FEWEST", 1)
    found = []
    for processes in (1, 2, 64):
        app = build(confoverrides=settings, parallel=processes, freshenv=True)
        kept = app.doctreedir / "qapidoc-history-qmp.json"
        found.append(sorted(json.loads(kept.read_bytes())["seen"], key=str))
        kept.unlink()
    assert found[0] == found[1] == found[2]
    assert [["query-version", None], [["2.5.0", "10.0.0"]]] in found[0]


def test_what_only_the_first_and_the_last_version_have_is_of_two_spans() -> None:
    parts = [msgspec.json.encode([((version,), [Item("query-lamp")])]) for version in ("2.5.0", "10.0.0")]
    assert history._merged(parts) == {  # noqa: SLF001
        Item("query-lamp"): (Span("2.5.0", "2.5.0"), Span("10.0.0", "10.0.0"))
    }


def test_another_history_is_looked_for_where_something_of_it_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "schema.json").write_text(SCHEMA)
    (tmp_path / "code.py").write_text("")
    schema = load(tmp_path / "schema.json").schema
    digest = history._made_from  # noqa: SLF001
    assert digest(schema) == digest(replace(schema))
    found = [digest(schema), digest(replace(schema, version="1.2.3"))]
    with monkeypatch.context() as other:
        other.setattr(introspect, "__path__", [str(tmp_path)])
        found.append(digest(schema))
    monkeypatch.setattr(history, "packed_recordings", lambda: (b"other",))
    found.append(digest(schema))
    assert len(set(found)) == 4


@pytest.mark.parametrize(("program", "names"), [("qemu-storage-daemon", ["2.5.0"]), ("qemu-system-x86_64", [])])
def test_without_a_recording_of_the_program_none_is_looked_into(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, names: list[str]
) -> None:
    paths = recordings._paths()  # noqa: SLF001
    monkeypatch.setattr(recordings, "_paths", lambda: {name: paths[name] for name in names})
    settings = LIVE | {"qapidoc_qemu": str(tmp_path), "qapidoc_programs": {"qmp": program}}
    app = build(confoverrides=settings)
    assert "looking for the schema's" not in app.status.getvalue()
    assert not (app.outdir / "reference" / "qmp" / "gone.html").exists()


def _fail() -> None:
    raise OSError("no recording")


def _be_killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("end", "told"),
    [(_fail, "OSError: no recording"), (_be_killed, "a process of this build was killed from outside: build again")],
)
def test_a_process_that_does_not_find_the_history_ends_the_build(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: Callable[[], None], told: str
) -> None:
    monkeypatch.setattr(history, "recording", lambda _version: end())
    with pytest.raises(SphinxError, match=told):
        build(confoverrides=LIVE | {"qapidoc_qemu": str(tmp_path)}, parallel=2)


def test_a_build_whose_sources_cannot_be_written_goes_on_with_what_was_begun(build: Build, tmp_path: Path) -> None:
    schemas = {"qga": "schema.json", "qmp": "schema.json"}
    taken = tmp_path / "source" / "reference" / "qga"
    taken.parent.mkdir()
    taken.write_text("no folder")
    app = build(confoverrides=LIVE | {"qapidoc_qemu": str(tmp_path), "qapidoc_schemas": schemas}, parallel=2)
    assert any(f"{taken}: the sources of the reference's pages cannot be written" in text for text in messages(app))
    assert (app.outdir / "reference" / "qmp" / "index.json").is_file()


@pytest.mark.parametrize("break_it", [lambda whole: whole[:-10], lambda whole: whole.replace(b':"', b':"\xff')])
@pytest.mark.parametrize("name", ["qapidoc-history-qmp.json", "qapidoc-finished.json"])
def test_what_is_not_as_a_build_has_kept_it_is_made_again(
    build: Build, emulator: Path, name: str, break_it: Callable[[bytes], bytes]
) -> None:
    settings = LIVE | {"qapidoc_qemu": str(emulator.parent)}
    kept = build(confoverrides=settings).doctreedir / name
    whole = kept.read_bytes()
    kept.write_bytes(break_it(whole))
    assert not [message for message in messages(build(confoverrides=settings)) if "[qapidoc." in message]
    assert json.loads(kept.read_bytes()).keys() == json.loads(whole).keys()


def test_another_qemu_changes_the_pages_that_show_another_state(tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text(SCHEMA)
    schema = load(tmp_path / "schema.json").schema
    reference = Reference(schema=schema, namespace="qmp", words={})

    def digests(weather: Presence) -> dict[str, str]:
        states = dict.fromkeys(schema.definitions, PRESENT) | {"query-weather": weather}
        at = {schema.definitions[name].location: Observation(presence=state) for name, state in states.items()}
        found = Digests(observed=replace(NOTHING, at=at))
        return {page.address: found.of(page.view) for page in pages(reference)}

    before, after = digests(PRESENT), digests(Presence(state=State.NO_MODULE))
    assert {address for address in before if before[address] != after[address]} == {"command/query-weather"}


def test_a_role_leads_to_the_pages_about_versions(build: Build, tmp_path: Path) -> None:
    names = ("changes", "gone", "this-qemu")
    roles = " ".join(f":qapi:page:`{name}`" for name in names)
    (tmp_path / "source" / "index.rst").write_text(f"Versions\n========\n\n{roles}\n")
    app = build(confoverrides=LIVE | {"qapidoc_qemu": str(tmp_path)})
    assert not [line for line in messages(app) if "qapi:page" in line]
    for name, address in zip(names, ("changes/index", "gone", "this-qemu"), strict=True):
        assert f'href="reference/qmp/{address}.html#{name}-qmp"' in (app.outdir / "index.html").read_text()
        assert f'id="{name}-qmp"' in (app.outdir / f"reference/qmp/{address}.html").read_text()
