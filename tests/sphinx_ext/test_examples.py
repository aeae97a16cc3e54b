"""Examples in documents, built by Sphinx, executed by a live QEMU."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

GOOD = """
-> { "execute": "query-status" }
<- { "return": { "running": false, ... } }
"""
Build = Callable[..., SphinxTestApp]


@pytest.fixture
def build(make_app: Callable[..., SphinxTestApp], tmp_path: Path) -> Build:
    """Builds a page with these examples in it, one a section."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text('extensions = ["myst_parser", "qapidoc_ext"]\nhtml_theme = "basic"\n')

    def run(
        *examples: str, files: dict[str, str] | None = None, parallel: int = 0, **configuration: object
    ) -> SphinxTestApp:
        fences = [f"## Section\n\n```{{qmp-example}}\n{example.strip()}\n```\n" for example in examples]
        (source / "index.md").write_text("# Page\n\n" + "\n".join(fences))
        for name, text in (files or {}).items():
            (source / name).write_text(text)
        settings = {"qapidoc_qemu": os.environ.get("QEMU_BIN", ""), **configuration}
        app = make_app("html", srcdir=source, confoverrides=settings, parallel=parallel)
        app.build()
        return app

    return run


def messages(app: SphinxTestApp) -> str:
    return app.warning.getvalue().replace(str(app.srcdir) + "/", "")


def page(app: SphinxTestApp, name: str = "index.html") -> str:
    return (app.outdir / name).read_text()


@pytest.mark.usefixtures("emulator")
def test_an_example_that_holds_is_shown_as_executed(build: Build) -> None:
    app = build(GOOD)
    assert messages(app) == ""
    assert app.statuscode == 0
    assert "✓ executed live" in page(app)
    assert "&quot;running&quot;: false, ... " in page(app)


@pytest.mark.usefixtures("emulator")
def test_an_example_that_does_not_hold_fails_the_build_at_its_line_and_no_other(build: Build) -> None:
    app = build(GOOD, GOOD.replace("false", "true"))
    assert messages(app).startswith(
        "index.md:14:29: ERROR: $.return.running: expected true, got false [qapidoc.example]"
    )
    assert app.statuscode == 1
    assert page(app).count("✓ executed live") == 1
    assert page(app).count("✕ failed") == 1


@pytest.mark.usefixtures("emulator")
def test_the_place_is_right_in_indented_restructuredtext(build: Build) -> None:
    text = (
        'Page\n====\n\n.. qmp-example::\n   :title: T\n\n   -> { "execute": "query-status" }\n   <- { "return": [] }\n'
    )
    app = build(files={"other.rst": text}, root_doc="other", exclude_patterns=["index.md"])
    assert messages(app).startswith("other.rst:8:19: ERROR: $.return: expected [], got")


def test_an_example_without_text_is_told_at_its_directive(build: Build) -> None:
    page = "Page\n====\n\n.. qmp-example::\n\nText.\n\n.. qmp-example::\n   :title: A\n   :timeout: 3\n"
    found = messages(build(files={"other.rst": ":orphan:\n\n" + page}))
    assert "other.rst:6:1: ERROR: nothing to run" in found
    assert "other.rst:11:4: ERROR: nothing to run" in found


@pytest.mark.usefixtures("emulator")
def test_what_an_example_prints_cannot_be_markup(build: Build) -> None:
    app = build('-> { "execute": "query-status", "id": "<script>alert(1)</script>" }\n<- { "return": ..., "id": ... }')
    assert messages(app) == ""
    assert "<script>alert" not in page(app)
    assert "&lt;script&gt;alert" in page(app)


@pytest.mark.usefixtures("emulator")
def test_each_example_gets_its_own_transcript_when_a_builder_leaves_some_out(build: Build) -> None:
    hidden = '```{only} latex\n:::{qmp-example}\n-> { "execute": "query-version" }\n:::\n```\n\n'
    shown = '```{qmp-example}\n-> { "execute": "query-status" }\n```\n'
    app = build(
        files={"other.md": f"# Page\n\n{hidden}{shown}"},
        root_doc="other",
        exclude_patterns=["index.md"],
        myst_enable_extensions=["colon_fence"],
    )
    assert messages(app) == ""
    assert "query-status" in page(app, "other.html")
    assert "query-version" not in page(app, "other.html")


@pytest.mark.usefixtures("emulator")
def test_the_place_is_right_behind_an_included_file(build: Build) -> None:
    files = {
        "included.txt": "One.\n\nTwo.\n\nThree.\n",
        "other.rst": 'Page\n====\n\n.. include:: included.txt\n\n.. qmp-example::\n\n   -> { "execute": "x" }\n',
    }
    app = build(files=files, root_doc="other", exclude_patterns=["index.md"])
    assert messages(app).startswith("other.rst:8:4: ERROR: ")


@pytest.mark.usefixtures("emulator")
def test_examples_are_collected_from_documents_that_are_read_in_parallel(build: Build) -> None:
    fence = "```{qmp-example}\n:file: some.qmp\n```\n"
    files = {f"page{number}.md": f"# Page\n\n{fence}" for number in range(12)}
    app = build(GOOD, files={**files, "some.qmp": f":name: some-example{GOOD}"}, parallel=2)
    assert all("✓ executed live" in page(app, f"page{number}.html") for number in range(12))


@pytest.mark.usefixtures("emulator")
def test_an_edited_file_runs_again_and_a_deleted_example_does_not(build: Build) -> None:
    files = {"other.md": "# Page\n\n```{qmp-example}\n:file: some.qmp\n```\n", "some.qmp": f":name: some-example{GOOD}"}
    settings = {"root_doc": "other", "exclude_patterns": ["index.md"]}
    assert "query-status" in page(build(files=files, **settings), "other.html")
    files["some.qmp"] = ':name: some-example\n-> { "execute": "query-version" }\n'
    assert "query-version" in page(build(files=files, **settings), "other.html")
    files["other.md"] = "# Page\n"
    app = build(files=files, **settings)
    assert "running examples" not in app.status.getvalue()


@pytest.mark.usefixtures("emulator")
def test_options_stand_where_a_directive_has_them_in_both_languages(build: Build) -> None:
    options = ":name: example\n:title: A title\n:machines: vm=none\n:requires: stop, nonsense"
    rst = f"Page\n====\n\n.. qmp-example::\n   {options.replace(chr(10), chr(10) + '   ')}\n\n   -> {{}}\n   <- []\n"
    app = build(
        f"{options}\n\n-> {{}}\n<- []",
        files={"other.rst": rst.replace("nonsense", "b//c")},
        root_doc="index",
        exclude_patterns=[],
    )
    found = [line for line in messages(app).splitlines() if "ERROR" in line]
    assert [line.split(": ERROR: ")[0] for line in found] == ["index.md:12:4", "other.rst:8:21", "other.rst:11:7"]
    app = build(f"{options}\n\n{GOOD}", files={"other.rst": rst.replace(", nonsense", "").replace("<- []", "")})
    assert "A title" in page(app)
    assert "needs nonsense, which neither this QEMU" in page(app)
    assert page(app, "other.html").count('id="example-example"') == 1


@pytest.mark.usefixtures("emulator")
def test_hidden_lines_are_on_the_page_only_in_the_whole_example(build: Build) -> None:
    app = build('~ # A hidden comment.\n~ -> { "execute": "query-kvm" }\n' + GOOD.strip())
    assert messages(app) == ""
    shown, whole = page(app).split('<details class="qmp-whole">')
    assert "query-kvm" not in shown
    assert "query-status" in shown
    assert "A hidden comment." in whole
    assert "query-kvm" in whole
    assert "QEMU" in whole.split("</details>")[0]
    assert " as user " in whole or " as root" in whole


@pytest.mark.usefixtures("emulator")
def test_examples_of_a_page_can_share_a_session_and_need_different_names(build: Build) -> None:
    add = (
        ':session: s\n:name: one\n\n-> { "execute": "object-add", "arguments": { "qom-type": "iothread", "id": "i" } }'
    )
    again = ':session: s\n:name: one\n\n-> { "execute": "object-del", "arguments": { "id": "i" } }'
    app = build(add, again)
    assert page(app).count("✓ executed live") == 2
    assert "index.md:15:1: ERROR: this page has an example called 'one' already, at" in messages(app)
    assert app.statuscode == 1


@pytest.mark.usefixtures("emulator")
def test_steps_outside_qemu_can_be_switched_off(build: Build) -> None:
    app = build('>>> vm.image("a", 1)', qapidoc_host_steps=False)
    assert messages(app) == ""
    assert "which are switched off" in page(app)


@pytest.mark.usefixtures("emulator")
def test_the_progress_line_names_what_runs(build: Build) -> None:
    app = build(f":name: first\n{GOOD}", f":name: second\n{GOOD}")
    status = app.status.getvalue()
    assert re.search(r"running examples.*index.md first.*index.md second", status, re.DOTALL)


@pytest.mark.usefixtures("emulator")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_build_that_is_interrupted_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    source, temporary = tmp_path / "source", tmp_path / "temporary"
    source.mkdir()
    temporary.mkdir()
    folder = os.environ.get("QEMU_BIN", "")
    (source / "conf.py").write_text(f'extensions = ["myst_parser", "qapidoc_ext"]\nqapidoc_qemu = {folder!r}\n')
    waits = ':timeout: 60\n\n>>> vm.image("begun", 1)\n-> { "execute": "stop" }\n<- { "event": "RESUME" }'
    fence = f"```{{qmp-example}}\n{waits}\n```\n"
    (source / "index.md").write_text(f"# Page\n\n{fence}\n{fence}")
    command = [sys.executable, "-c", BUILD, "-j", "2", "-q", str(source), str(tmp_path / "html")]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as python:
        begun = until(lambda: list(temporary.glob("qapidoc-*/*/begun")) or python.poll() is not None)
        assert begun is True, "the build has ended"
        children = descendants(python.pid)
        assert len(children) >= 2
        python.send_signal(number)
        assert python.wait(timeout=60) != 0
    assert until(lambda: not any(map(runs, children)))
    assert until(lambda: not list(temporary.glob("qapidoc-*")))


BUILD = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
from sphinx.cmd.build import main
sys.exit(main(sys.argv[1:]))
"""


def until(holds: Callable[[], object]) -> bool:
    end = time.monotonic() + 60
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["Z", "0"]


def runs(pid: int) -> bool:
    return stat(pid)[0] != "Z"


def descendants(pid: int) -> list[int]:
    pids = [int(file.name) for file in Path("/proc").glob("[0-9]*")]
    return [other for other in pids if stat(other)[1] == str(pid)]


def test_a_file_that_is_not_there_is_told_where_it_is_named(build: Build) -> None:
    files = {"other.md": "# Page\n\n```{qmp-example}\n:file: nothing.qmp\n```\n"}
    app = build(files=files, root_doc="other", exclude_patterns=["index.md"])
    assert messages(app).startswith("other.md:3: ERROR: nothing.qmp: cannot be read: No such file or directory")
    assert app.statuscode == 1


def test_without_qemu_there_is_one_warning_and_no_tick(build: Build, tmp_path: Path) -> None:
    app = build(GOOD, GOOD, qapidoc_qemu=str(tmp_path))
    assert len(messages(app).splitlines()) == 1
    assert messages(app).startswith("WARNING: 2 examples are shown as not executed: qemu-system-x86_64 is not in")
    assert app.statuscode == 0
    assert "✓" not in page(app)
    assert page(app).count("○ not executed") == 2
    assert "query-status" in page(app)


def test_all_faults_of_an_example_are_reported(build: Build) -> None:
    app = build('-> { "execute": \n<- [ 1 ]\nnonsense\n')
    found = [line for line in messages(app).splitlines() if "ERROR" in line]
    assert [line.split(":")[:2] for line in found] == [["index.md", "6"], ["index.md", "7"], ["index.md", "8"]]
    assert app.statuscode == 1
    assert "It has faults:" in page(app)
    assert "\nindex.md:7:4: what is expected is an object" in page(app)


def test_a_qemu_that_does_not_start_is_one_located_message(build: Build, tmp_path: Path) -> None:
    program = tmp_path / "qemu-system-x86_64"
    program.write_text("#!/bin/sh\necho cannot do that >&2\nexit 3\n")
    program.chmod(0o755)
    app = build(GOOD, qapidoc_qemu=str(tmp_path))
    assert messages(app).startswith("index.md:6:1: ERROR: ")
    assert messages(app).count("ERROR") == 1
    assert "cannot do that" in messages(app)
    assert app.statuscode == 1
