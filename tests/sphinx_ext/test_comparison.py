"""Decisions side by side, and schemas as a reference, built by Sphinx."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from qapidoc_ext.cli import main

RECORD = """---
number: {number}
title: Title {number}
status: proposed
proposers: [Ann]
history: [{{status: proposed, on: 2020-01-01, by: Ann, source: {{url: "https://example.org/"}}}}]
criteria:
{criteria}unconfirmed: The comparison has an example.
---

# Title {number}

```{{decision}}
```

## Context

Text.

## Consequences

Text.

## Confirmation

None.

## Sources

Text.
"""
LIVE = (
    "- {criterion: C1, verdict: pass, kind: live, evidence: [node], about: [access_mode], note: It can be written.}\n"
)
SAID = "- {criterion: C2, verdict: fail, kind: asserted, note: Nobody has it.}\n"
CRITERIA = (
    "criteria:\n- {id: C1, text: Works., check: a look}\n- {id: C2, knock_out: true, text: Is <b>., check: a look}\n"
)
EXAMPLE = """:name: node
>>> vm.image("disk.raw", size=1048576)
-> { "execute": "blockdev-add",
     "arguments": { "driver": "file", "node-name": "disk", "filename": "disk.raw", "read-only": false } }
<- { "return": {} }
>>> vm.access_mode("disk.raw")
'O_RDWR'
"""
PAGE = """# Compared

```{decision-comparison}
```

```{qmp-example}
:file: node.qmp
```

```{toctree}
0001-title
0002-title
```
"""
Build = Callable[..., SphinxTestApp]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    files = {
        "conf.py": 'extensions = ["myst_parser", "qapidoc_ext"]\nhtml_theme = "basic"\n',
        "0001-title.md": RECORD.format(number=1, criteria=LIVE + SAID),
        "0002-title.md": RECORD.format(number=2, criteria=LIVE),
        "criteria.yaml": CRITERIA,
        "node.qmp": EXAMPLE,
        "list.md": PAGE,
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def build(make_app: Callable[..., SphinxTestApp], source: Path) -> Build:
    """Builds the files, of which list.md is the first page."""

    def run(**configuration: object) -> SphinxTestApp:
        settings = {"qapidoc_qemu": os.environ.get("QEMU_BIN", ""), "root_doc": "list", **configuration}
        app = make_app("html", srcdir=source, confoverrides=settings)
        app.build()
        return app

    return run


@pytest.fixture
def judged(source: Path, emulator: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, its verdicts judged on what a QEMU did."""
    monkeypatch.delenv("CI", raising=False)
    assert main(["adr", "judge", "--folder", str(source), "--write", "--qemu", str(emulator.parent)]) == 0
    return source


def messages(app: SphinxTestApp) -> str:
    return app.warning.getvalue().replace(str(app.srcdir) + "/", "")


def cells(app: SphinxTestApp) -> list[str]:
    """The table's cells behind the first column, as text, row by row."""
    text = (app.outdir / "list.html").read_text()
    found = re.findall(r"<td[^>]*comparison-is[^>]*>(.*?)</td>", text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def test_verdicts_stand_beside_each_other_with_what_they_rest_on(build: Build, judged: Path) -> None:
    assert judged.is_dir()
    app = build()
    assert messages(app) == ""
    knock_out_1, knock_out_2, one, two = cells(app)
    assert knock_out_1 == "1 ✕ no ❝ asserted Evidence: our observation Nobody has it."
    assert knock_out_2 == "2 ○ open"
    assert one == "1 ✓ yes ▶ live Evidence: node It can be written."
    assert two == one.replace("1 ", "2 ", 1)
    page = (app.outdir / "list.html").read_text()
    assert 'href="#example-node"' in page
    assert "found the same with 1, 2: one piece of evidence, not 2." in page
    assert "Is &lt;b&gt;." in page


def test_other_facts_fail_the_build_and_the_page_says_that_they_have_changed(build: Build, judged: Path) -> None:
    assert build().statuscode == 0
    (judged / "node.qmp").write_text(
        EXAMPLE.replace('"read-only": false', '"read-only": true').replace("RDWR", "RDONLY")
    )
    app = build()
    first, second = [line for line in messages(app).splitlines() if "ERROR" in line]
    assert first.startswith("0001-title.md:8:3: ERROR: criteria[0]: evidence changed: 1.C1 was judged 'pass'")
    assert '- node: vm.access_mode("disk.raw"): O_RDWR; + node: vm.access_mode("disk.raw"): O_RDONLY' in first
    assert second.startswith("0002-title.md:8:3: ERROR: criteria[0]: evidence changed")
    assert app.statuscode == 1
    assert "⚠ evidence changed; it was: yes" in cells(app)[2]
    assert "✓" not in "".join(cells(app))
    assert "⚠ evidence changed; it was: yes" in (app.outdir / "0001-title.html").read_text()
    assert main(["adr", "judge", "--folder", str(judged), "--write", "1.C1"]) == 0
    assert [line for line in messages(build()).splitlines() if "0001-title" in line] == []


def test_what_a_verdict_is_not_about_may_change(build: Build, judged: Path) -> None:
    (judged / "node.qmp").write_text(f'{EXAMPLE}-> {{ "execute": "query-status" }}\n')
    assert messages(build()) == ""


def test_without_qemu_no_cell_has_the_sign_of_one_that_was_executed(build: Build, judged: Path) -> None:
    app = build(qapidoc_qemu=str(judged / "nowhere"))
    assert app.statuscode == 0
    assert "○ not executed; judged before: yes" in cells(app)[2]
    assert "◷ recorded with QEMU " in cells(app)[2]
    assert "✓" not in "".join(cells(app))


def test_a_recorded_run_is_shown_as_such(build: Build, judged: Path) -> None:
    build(qapidoc_record="record", qapidoc_recordings="kept")
    app = build(qapidoc_record="replay", qapidoc_recordings="kept")
    assert "ERROR" not in messages(app)
    assert re.match(r"1 ◷ yes ▶ live ◷ recorded with QEMU [\d.]+ Evidence", cells(app)[2])
    assert judged.is_dir()


@pytest.mark.parametrize(("named", "message"), [("1 7", "there is no record 7"), ("1 1", "a record is named twice")])
def test_a_comparison_of_what_there_is_not_is_located(build: Build, judged: Path, named: str, message: str) -> None:
    (judged / "list.md").write_text(PAGE.replace("{decision-comparison}", f"{{decision-comparison}} {named}"))
    assert f"list.md:3:1: ERROR: decision-comparison: {message}" in messages(build())


MINUS = "\N{MINUS SIGN}"
SCHEMA = """
##
# @turn-on:
#
# Turns it on.
#
# @lamp: which lamp%s
##
{ 'command': 'turn-on', 'data': { 'lamp': 'str'%s } }
"""
NEW = "\n##\n# @dim:\n#\n# Dims it.\n##\n{ 'command': 'dim' }\n"
GONE = "\n##\n# @turn-off:\n#\n# Turns it off.\n##\n{ 'command': 'turn-off' }\n"


def test_a_schema_is_documented_with_what_differs_from_another_one(build: Build, source: Path) -> None:
    (source / "0001-title.md").write_text(RECORD.format(number=1, criteria=SAID))
    (source / "0002-title.md").write_text(RECORD.format(number=2, criteria=SAID))
    (source / "a.json").write_text(SCHEMA % ("\n#\n# @level: how bright", ", '*level': 'int'") + GONE)
    (source / "b.json").write_text(SCHEMA % ("\n#\n# @colour: which colour", ", '*colour': 'str'") + NEW)
    links = "{qapi:cmd}`mine:turn-off` {qapi:cmd}`mine:dim`"
    directive = f"```{{interface-reference}} mine\n:before: a.json\n:after: b.json\n```\n\n{links}\n"
    (source / "list.md").write_text(PAGE.replace("```{qmp-example}\n:file: node.qmp\n```", directive))
    app = build()
    assert messages(app) == ""
    page = (app.outdir / "list.html").read_text()
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert f"turn-on + new colour {MINUS} gone level dim + new turn-off {MINUS} gone" in text
    assert re.search(r'<tr class="interface-new[^"]*" id="turn-on.colour"', page)
    assert re.search(
        r'id="turn-on.lamp".*<tr class="interface-gone[^"]*" id="turn-on.level".*id="turn-on.colour"', page, re.DOTALL
    )
    assert 'id="interface-turn-off"' in page
    assert re.findall(r'href="#interface-([\w-]+)"><code class="xref', page) == ["turn-off", "dim"]
    (source / "b.json").write_text("{ 'command': }\n")
    broken = build()
    assert "b.json:1:" in messages(broken)
    assert broken.statuscode == 1


SCENARIO = (
    ':name: read-only-export\n:machines: vm=option:4.0\n-> { "execute": "query-status" }\n<- { "return": { ... } }\n'
)


@pytest.mark.usefixtures("judged")
def test_a_scenario_shows_the_facts_of_all_options_and_gives_evidence(build: Build, source: Path) -> None:
    (source / "read-only-export.qmp").write_text(SCENARIO)
    (source / "list.md").write_text(PAGE + "\n```{option-scenario} read-only-export\n:folder: .\n```\n")
    verdict = "- {criterion: C2, verdict: pass, kind: simulated, evidence: [read-only-export-3], note: It does.}\n"
    (source / "0002-title.md").write_text(RECORD.format(number=2, criteria=verdict))
    assert main(["adr", "judge", "--folder", str(source), "--write", "2.C2"]) == 0
    app = build()
    assert messages(app) == ""
    page = (app.outdir / "list.html").read_text()
    assert "All 9 have the same facts: that is one piece of evidence, and not 9." in page
    assert 'id="example-read-only-export-2-this-run"' in page
    assert 'href="#example-read-only-export-3"' in page
    assert cells(app)[1].startswith("2 ✓ yes ◈ simulated")


def test_a_scenario_that_there_is_not_is_located(build: Build, source: Path) -> None:
    (source / "list.md").write_text("# List\n\n```{decision-index}\n```\n\n```{option-scenario} nothing\n```\n" + PAGE)
    assert "list.md:6:1: ERROR: option-scenario: expected one of detect, " in messages(build())
