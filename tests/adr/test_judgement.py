from __future__ import annotations

import json
from pathlib import Path
from shlex import quote

import pytest

from qapidoc_ext.adr import judgement
from qapidoc_ext.adr.ground import grounds, scripts
from qapidoc_ext.adr.judged import write_judged
from qapidoc_ext.adr.judgement import State
from qapidoc_ext.adr.kept import FILE
from qapidoc_ext.adr.records import records
from qapidoc_ext.adr.sections import SECTIONS
from qapidoc_ext.qmp.outcome import Failed, Outcome, Passed, Run, Skipped
from qapidoc_ext.source import Finding, Location, SourceError

HEAD = """\
---
number: {number}
title: Title
status: proposed
proposers: [Ann]
history:
- {{status: proposed, on: 2020-01-01, by: Ann, source: {{url: "https://example.org/"}}}}
criteria:
{criteria}unconfirmed: Nothing to run.
---

# Title

```{{decision}}
```

"""
CHANGE = "```{interface-change}\n:name: change\n:before: a.json\n:after: b.json\n```\n"
BODY = "".join(f"## {name}\n\nText.\n\n" for name in SECTIONS) + CHANGE
FLOW = "- {criterion: C1, verdict: pass, kind: simulated, evidence: [change]%s, note: It is new.}\n"
BLOCK = "- criterion: C2\n  verdict: fail\n  kind: simulated\n  evidence: [change]\n  note: It is new.\n"
CRITERIA = "criteria:\n- {id: C1, text: Works., check: a look}\n- {id: C2, text: Is small., check: a look}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "criteria.yaml").write_text(CRITERIA)
    (tmp_path / "a.json").write_text("{ 'command': 'a' }\n")
    (tmp_path / "b.json").write_text("{ 'command': 'a' }\n{ 'command': 'b' }\n")
    write(tmp_path, FLOW % "" + BLOCK)
    return tmp_path


def write(folder: Path, criteria: str, number: int = 1, body: str = BODY) -> None:
    (folder / f"{number:04}-title.md").write_text(HEAD.format(number=number, criteria=criteria) + body)


def faults(folder: Path) -> list[str]:
    return [str(finding).removeprefix(f"{folder}/") for finding in records(folder).findings]


def judge(folder: Path, *cells: str) -> None:
    found = records(folder).judgements({})
    write_judged(folder, [one for one in found if not cells or one.cell in cells])


def states(folder: Path) -> dict[str, State]:
    return {one.cell: one.state for one in records(folder).judgements({})}


def test_what_is_no_directive_to_a_build_shows_nothing(folder: Path) -> None:
    write(folder, FLOW % "", body=BODY.replace("{interface-change}", "{interface-change}of"))
    assert [one.partition(" ")[2] for one in faults(folder)] == [
        "criteria[0].evidence[0]: no page shows anything with the name 'change'"
    ]


def test_a_verdict_on_evidence_that_nobody_has_judged_is_a_fault(folder: Path) -> None:
    how = f"judge it, then run: python -m qapidoc_ext adr judge --write --folder {quote(str(folder))}"
    says = f"nobody has judged {{0}} on its evidence; {how} {{0}}"
    assert faults(folder) == [
        f"0001-title.md:9:3: criteria[0]: {says.format('1.C1')}",
        f"0001-title.md:10:3: criteria[1]: {says.format('1.C2')}",
    ]


def test_judging_writes_the_digest_and_nothing_else(folder: Path) -> None:
    before = (folder / "0001-title.md").read_text()
    judge(folder, "1.C2")
    assert states(folder) == {"1.C1": State.UNJUDGED, "1.C2": State.STANDS}
    judge(folder)
    assert faults(folder) == []
    (key,) = json.loads((folder / FILE).read_text())
    after = (folder / "0001-title.md").read_text()
    assert after == before.replace(", note: It is new.}", f', judged: "{key}", note: It is new.}}').replace(
        "\n  note: It", f'\n  judged: "{key}"\n  note: It'
    )


@pytest.mark.parametrize(
    "written", ["judged:  0123456789ab", "'judged': '0123456789ab'", 'judged :\n    "0123456789ab"']
)
def test_a_digest_is_replaced_however_it_is_written(folder: Path, written: str) -> None:
    write(folder, BLOCK.replace("note", f"{written} # then\n  note"))
    judge(folder)
    assert faults(folder) == []
    assert "# then\n" in (folder / "0001-title.md").read_text()


def test_a_digest_that_cannot_be_replaced_is_told_and_stays(folder: Path) -> None:
    write(folder, BLOCK.replace("note", '"\\x6audged": 0123456789ab\n  note'))
    before = (folder / "0001-title.md").read_text()
    with pytest.raises(SourceError, match=r"13:3: cannot be rewritten as it is written"):
        judge(folder)
    assert (folder / "0001-title.md").read_text() == before


def test_other_facts_make_verdicts_fall_with_what_has_changed(folder: Path) -> None:
    judge(folder)
    (folder / "b.json").write_text("{ 'command': 'c' }\n")
    first, second = faults(folder)
    assert first.startswith("0001-title.md:9:3: criteria[0]: evidence changed: 1.C1 was judged 'pass' on other facts (")
    assert "- change: b: command added (compatible for requests); + change: a: command removed" in first
    assert "1.C2 was judged 'fail'" in second
    judge(folder, "1.C1")
    assert states(folder) == {"1.C1": State.STANDS, "1.C2": State.CHANGED}
    judge(folder)
    assert faults(folder) == []
    assert len(json.loads((folder / FILE).read_text())) == 1


def test_only_what_a_verdict_is_about_can_make_it_fall(folder: Path) -> None:
    write(folder, FLOW % ", about: ['b: command']" + BLOCK)
    judge(folder)
    (folder / "a.json").write_text("{ 'command': 'a' }\n{ 'command': 'd' }\n")
    assert states(folder) == {"1.C1": State.STANDS, "1.C2": State.CHANGED}


def test_facts_that_a_verdict_is_about_must_be_there(folder: Path) -> None:
    write(folder, FLOW % ", about: [nothing]")
    judge(folder)
    assert faults(folder) == ["0001-title.md:9:71: criteria[0].about: no fact of its evidence has 'nothing' in it"]


def test_what_no_fact_says_is_not_judged(folder: Path) -> None:
    write(folder, FLOW % ", about: [nothing, neither]")
    judge(folder)
    assert "judged" not in (folder / "0001-title.md").read_text()
    assert faults(folder)[0].endswith("criteria[0].about: no fact of its evidence has 'nothing' or 'neither' in it")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (CHANGE, "```{interface-change}\n---\nname: change\nbefore: a.json\nafter: b.json\n---\n```\n"),
        ("{interface-change}", "{Interface-Change}"),
    ],
)
def test_directives_are_what_they_are_to_a_build(folder: Path, before: str, after: str) -> None:
    write(folder, FLOW % "", body=BODY.replace(before, after))
    judge(folder)
    assert faults(folder) == []


def test_evidence_may_stand_on_another_page(folder: Path) -> None:
    write(folder, FLOW % "", number=2, body=BODY.replace(CHANGE, ""))
    judge(folder)
    assert faults(folder) == []
    (folder / "0001-title.md").unlink()
    (folder / "page.md").write_text(CHANGE)
    assert faults(folder) == []
    (folder / "page.md").write_text("")
    assert faults(folder) == [
        "0002-title.md:9:62: criteria[0].evidence[0]: no page shows anything with the name 'change'"
    ]


def test_evidence_is_what_the_page_itself_shows_or_else_the_first_page(folder: Path) -> None:
    answers = BODY.replace(CHANGE, "```{recorded-answers}\n:name: change\n:versions: 9.2.0\nStop | stop\n```\n")
    write(folder, (FLOW % "").replace("simulated", "recorded"), number=2, body=answers)
    write(folder, FLOW % "", number=3, body=BODY.replace(CHANGE, ""))
    judge(folder)
    assert faults(folder) == []
    assert len({one.facts for one in records(folder).judgements({})}) == 2


def test_an_example_that_did_not_run_leaves_a_verdict_unexecuted(folder: Path) -> None:
    example = '```{qmp-example}\n:name: change\n-> { "execute": "query-status" }\n```\n'
    live = (FLOW % ', judged: "0123456789ab"').replace("simulated", "live")
    write(folder, live, body=BODY.replace(CHANGE, example))
    assert states(folder) == {"1.C1": State.NOT_EXECUTED}
    assert [one.missing for one in grounds(records(folder).pages, {}).values()] == ["nobody has run it"]


@pytest.mark.parametrize(
    ("outcome", "not_executed", "seen"),
    [
        (Passed(), "", (("requests: 0",), False, "", "")),
        (Passed(), "recorded", (("requests: 0",), True, "", "")),
        (Skipped(reason="no QEMU"), "", (None, False, "no QEMU", "")),
        (
            Failed(findings=(Finding(location=Location("a"), message="no"),)),
            "",
            (("requests: 0", "failed"), False, "", "a: no"),
        ),
    ],
)
def test_a_run_is_evidence_with_what_went_wrong_in_it(
    outcome: Outcome, not_executed: str, seen: tuple[object, ...], folder: Path
) -> None:
    example = '```{qmp-example}\n:name: run\n-> { "execute": "query-status" }\n```\n'
    write(folder, FLOW % "", body=BODY.replace(CHANGE, example))
    pages = records(folder).pages
    [(place, script)] = scripts(pages).items()
    run = Run(script=script, qemus=(), exchanges=(), outcome=outcome, not_executed=not_executed)
    one = grounds(pages, {place: run})[place]
    assert (one.facts, one.is_recorded, one.missing, one.failed) == seen


def test_facts_that_somebody_changed_by_hand_are_refused(folder: Path) -> None:
    judge(folder)
    path = folder / FILE
    path.write_text(path.read_text().replace("command added", "command adorned"))
    assert any("is not the digest of its facts" in fault for fault in faults(folder))
    for text in ("[]", "{", '{"x": {"facts": [], "more": 1}}', "\xff"):
        path.write_text(text, encoding="latin-1")
        assert any("not the facts of verdicts" in fault for fault in faults(folder))
        judge(folder)  # as the message says
        assert faults(folder) == []


def test_a_record_whose_lines_end_otherwise_stays_as_it_is(folder: Path) -> None:
    path = folder / "0001-title.md"
    content = path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(content)
    with pytest.raises(SourceError, match="has lines that end with CR LF, and stays as it is"):
        judge(folder)
    assert path.read_bytes() == content


def test_a_record_that_has_changed_since_it_was_read_stays_as_it_is(folder: Path) -> None:
    found = records(folder).judgements({})
    (folder / "0001-title.md").write_text("another text")
    with pytest.raises(SourceError, match="has changed since it was read"):
        write_judged(folder, found)
    assert (folder / "0001-title.md").read_text() == "another text"
    assert not (folder / FILE).exists()


def test_a_verdict_whose_facts_are_neither_known_nor_kept_is_a_fault(folder: Path) -> None:
    example = '```{qmp-example}\n:name: change\n-> { "execute": "query-status" }\n```\n'
    write(folder, FLOW % ", judged: 0123456789ab", body=BODY.replace(CHANGE, example))
    found = records(folder).judgements({})
    assert [one.state for one in found] == [State.NOT_EXECUTED]
    [fault] = map(str, judgement.faults(found))
    assert fault.partition("]: ")[2] == (
        "the facts that 1.C1 was judged on are not in judged.json, and this build did not execute its evidence; "
        f"judge it, then run: python -m qapidoc_ext adr judge --write --folder {quote(str(folder))} 1.C1"
    )
