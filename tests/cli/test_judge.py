"""`python -m qapidoc_ext adr judge`, on verdicts with and without a QEMU."""

from __future__ import annotations

from pathlib import Path

import pytest

from qapidoc_ext.cli import main

RECORD = """---
number: 1
title: Title
status: proposed
proposers: [Ann]
history: [{status: proposed, on: 2020-01-01, by: Ann, source: {url: "https://example.org/"}}]
criteria:
- {criterion: C1, verdict: pass, kind: simulated, evidence: [change], note: It is new.}
- {criterion: C2, verdict: fail, kind: asserted, note: Nobody wants it.}
unconfirmed: Nothing to run.
---

# Title

```{decision}
```

## Context

Text.

## Consequences

```{interface-change}
:name: change
:before: a.json
:after: b.json
```

## Confirmation

None.

## Sources

Text.
"""
FACT = "change: b: command added (compatible for requests)"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a record whose verdict nobody has judged."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "adr"
    path.mkdir()
    (path / "0001-title.md").write_text(RECORD)
    (path / "criteria.yaml").write_text(
        "criteria:\n- {id: C1, text: Works., check: a look}\n- {id: C2, text: Is small., check: a look}\n"
    )
    (path / "a.json").write_text("{ 'command': 'a' }\n")
    (path / "b.json").write_text("{ 'command': 'a' }\n{ 'command': 'b' }\n")
    return path


def test_a_verdict_that_is_to_be_judged_is_shown_with_its_facts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["adr", "judge"]) == 1
    assert capsys.readouterr().out == f"1.C1: unjudged: pass, simulated: It is new.\n    {FACT}\n"
    assert main(["adr", "check"]) == 1


def test_a_verdict_about_what_no_fact_says_cannot_be_judged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "0001-title.md"
    path.write_text(RECORD.replace("evidence: [change],", "evidence: [change], about: [nothing],"))
    assert main(["adr", "judge"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[1:] == ["    no fact has 'nothing' in it: it cannot be judged"]


def test_a_verdict_that_is_judged_stands_until_its_facts_change(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["adr", "judge", "--write", "1"]) == 0
    assert main(["adr", "check"]) == 0
    capsys.readouterr()
    assert main(["adr", "judge"]) == 0
    assert capsys.readouterr().out == "1.C1: stands: pass, simulated: It is new.\n"
    (folder / "b.json").write_text("{ 'command': 'a' }\n")
    assert main(["adr", "judge"]) == 1
    assert capsys.readouterr().out == f"1.C1: changed: pass, simulated: It is new.\n    - {FACT}\n"


def test_of_verdicts_that_are_named_the_facts_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["adr", "judge", "--write"]) == 0
    capsys.readouterr()
    assert main(["adr", "judge", "1"]) == 0
    stands, asserted = f"1.C1: stands: pass, simulated: It is new.\n    {FACT}\n", "1.C2: asserted: fail, asserted: "
    assert capsys.readouterr().out == f"{stands}{asserted}Nobody wants it.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["7.C1"], "adr: there is no verdict '7.C1'; one is written as in 5.C9\n"),
        (["--folder", "nowhere"], "nowhere: no such folder\n"),
    ],
)
def test_what_there_is_not_is_named(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert main(["adr", "judge", *arguments]) == 1
    assert capsys.readouterr().err == message


LIVE = """
```{qmp-example}
:name: try-it
-> { "execute": "query-status" }
%s
```
"""


def live(folder: Path, reply: str) -> None:
    text = RECORD.replace("evidence: [change]", "evidence: [try-it]").replace("simulated", "live")
    (folder / "0001-title.md").write_text(text + LIVE % reply)


def test_an_example_that_fails_is_no_evidence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    live(folder, '<- { "error": { "class": "GenericError", "desc": ... } }')
    text = (folder / "0001-title.md").read_text()
    assert main(["adr", "judge", "--write"]) == 1
    said = capsys.readouterr().out
    assert "    try-it failed, and is no evidence:\n        adr/0001-title.md:" in said
    assert 'expected {"error"' in said
    assert (folder / "0001-title.md").read_text() == text
    live(folder, '<- { "return": ... }')
    assert main(["adr", "judge", "--write"]) == 0


SESSION = """
```{qmp-example}
:session: one
-> { "execute": "blockdev-add", "arguments": { "driver": "null-co", "node-name": "n" } }
<- { "return": {} }
```

```{qmp-example}
:name: try-it
:session: one
-> { "execute": "blockdev-del", "arguments": { "node-name": "n" } }
<- { "return": {} }
```
"""


def test_an_example_runs_with_all_of_its_session(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = RECORD.replace("evidence: [change]", "evidence: [try-it]").replace("simulated", "live")
    (folder / "0001-title.md").write_text(text + SESSION)
    assert main(["adr", "judge", "1.C1"]) == 1
    assert "    try-it: blockdev-del: success\n" in capsys.readouterr().out


def test_the_examples_of_other_verdicts_are_not_run(folder: Path, tmp_path: Path) -> None:
    live(folder, '<- { "return": ... }')
    program = tmp_path / "qemu-system-x86_64"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    program.chmod(0o755)
    assert main(["adr", "judge", "1.C2", "--qemu", str(program)]) == 0
    assert not (tmp_path / "started").exists()


def test_a_check_tells_what_is_wrong_with_an_example(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    live(folder, '<- { "return"')
    assert main(["adr", "check"]) == 1
    said = capsys.readouterr().err
    assert "0001-title.md:41:14: ':' is missing" in said
    assert "no page shows anything" not in said
    assert "judge it, then run: python -m qapidoc_ext adr judge --write 1.C1\n" in said


def test_a_qemu_that_does_not_start_gives_no_evidence(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live(folder, '<- { "return": ... }')
    program = tmp_path / "qemu-system-x86_64"
    program.write_text("#!/bin/sh\necho no luck >&2\nexit 3\n")
    program.chmod(0o755)
    assert main(["adr", "judge", "--write", "--qemu", str(program)]) == 1
    said = capsys.readouterr().out
    assert "it exited with status 3" in said
    assert "no luck" in said
    assert not (folder / "judged.json").exists() or "try-it" not in (folder / "judged.json").read_text()


def test_what_is_named_and_cannot_be_judged_is_an_error(folder: Path) -> None:
    live(folder, '<- { "return": ... }')
    path = folder / "0001-title.md"
    path.write_text(path.read_text().replace(":name: try-it", ":name: try-it\n:requires: no-such-command"))
    assert main(["adr", "judge", "--write", "1.C1"]) == 1


def test_all_that_there_is_not_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["adr", "judge", "7.C1", "1", "1.C8"]) == 1
    assert [line.partition(";")[0] for line in capsys.readouterr().err.splitlines()] == [
        "adr: there is no verdict '7.C1'",
        "adr: there is no verdict '1.C8'",
    ]


def test_in_ci_nobody_judges(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CI", "true")
    assert main(["adr", "judge", "--write"]) == 1
    assert "with CI in the environment nobody has" in capsys.readouterr().err
    assert (folder / "0001-title.md").read_text() == RECORD
    assert sorted(path.name for path in folder.iterdir()) == ["0001-title.md", "a.json", "b.json", "criteria.yaml"]
