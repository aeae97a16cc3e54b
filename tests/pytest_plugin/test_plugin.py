"""Examples as pytest's items, in runs of pytest of their own."""

import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

pytest_plugins = ["pytester"]

GOOD = ':name: good\n-> { "execute": "query-status" }\n<- { "return": { "running": false, ... } }\n'
WRONG = ':name: wrong\n# Text.\n-> { "execute": "query-status" }\n<- { "return": { "running": true, ... } }\n'
SKIPPED = ':name: skipped\n:requires: qemu>=99\n-> { "execute": "query-status" }\n'
PAGE = "# Page\n\n```{{qmp-example}}\n{}```\n"
SESSION = """# Page

```{qmp-example}
:session: s
-> { "execute": "blockdev-add", "arguments": { "driver": "null-co", "node-name": "n0" } }
```

```{qmp-example}
:session: s
-> { "execute": "blockdev-del", "arguments": { "node-name": "n0" } }
```
"""


@pytest.fixture
def project(pytester: pytest.Pytester, emulator: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty project, with a QEMU."""
    monkeypatch.setenv("PATH", str(emulator.parent), prepend=os.pathsep)
    return pytester


def write(project: pytest.Pytester, **files: str) -> None:
    for name, text in files.items():
        path = project.path / name.replace("__", "/").replace("_qmp", ".qmp").replace("_md", ".md")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def test_examples_pass_fail_and_are_skipped_at_their_places(project: pytest.Pytester) -> None:
    write(project, examples__good_qmp=GOOD, examples__wrong_qmp=WRONG, examples__skipped_qmp=SKIPPED)
    result = project.runpytest_subprocess("-rs", "-v")
    result.assert_outcomes(passed=1, failed=1, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "examples/good.qmp::good PASSED*",
            "examples/wrong.qmp:4:29: $.return.running: expected true, got false",
            "SKIPPED [[]1[]] examples/skipped.qmp:1: needs QEMU 99, this is *",
        ]
    )
    assert "Traceback" not in result.stdout.str()
    assert "pytest_plugin.py" not in result.stdout.str()


def test_an_example_that_has_faults_fails_alone(project: pytest.Pytester) -> None:
    page = PAGE.format("-> nonsense\n") + PAGE.format(GOOD)
    write(project, docs__page_md=page)
    project.makeini("[pytest]\nqmp_examples = docs\n")
    result = project.runpytest_subprocess("-v")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["docs/page.md:4:4: not a JSON value*"])


def test_other_projects_are_left_alone(project: pytest.Pytester) -> None:
    write(project, docs__page_md=PAGE.format(GOOD), tests__data_qmp="nonsense", docs__other_qmp="nonsense")
    assert project.runpytest_subprocess().ret is pytest.ExitCode.NO_TESTS_COLLECTED
    result = project.runpytest_subprocess("docs/other.qmp")
    result.assert_outcomes(failed=1)


def test_one_example_of_a_page_is_run_by_its_name(project: pytest.Pytester) -> None:
    write(project, docs__page_md=PAGE.format(GOOD) + PAGE.format(WRONG))
    project.makeini("[pytest]\nqmp_examples = docs\n")
    project.runpytest_subprocess("docs/page.md::good").assert_outcomes(passed=1)


@pytest.mark.parametrize("named", ["docs/page.md", "more/../docs more"])
def test_files_and_folders_can_be_named(project: pytest.Pytester, named: str) -> None:
    write(project, docs__page_md=PAGE.format(GOOD), more__other_txt="text")
    project.makeini(f"[pytest]\nqmp_examples = {named}\n")
    project.runpytest_subprocess().assert_outcomes(passed=1)


@pytest.mark.parametrize("named", ["exmaples", "more/other_txt"])
def test_what_is_named_and_cannot_have_examples_is_one_message(project: pytest.Pytester, named: str) -> None:
    write(project, docs__page_md=PAGE.format(GOOD), more__other_txt="text")
    project.makeini(f"[pytest]\nqmp_examples = docs {named}\n")
    result = project.runpytest_subprocess()
    assert result.ret is pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [f"ERROR: qmp_examples: */{named} is neither a folder nor a file whose name ends in .qmp*"]
    )


def test_junit_has_the_qemu(project: pytest.Pytester) -> None:
    write(project, examples__good_qmp=GOOD, examples__skipped_qmp=SKIPPED)
    project.runpytest_subprocess("--junit-xml=junit.xml")
    root = ET.parse(project.path / "junit.xml").getroot()
    (value,) = [item.get("value") for item in root.iter("property") if item.get("name") == "qemu"]
    assert value
    assert value.startswith("QEMU ")
    assert len([*root.iter("skipped")]) == 1


SESSIONS = {
    "docs__page_md": SESSION,
    "docs__other_md": SESSION,
    "examples__a_qmp": ":name: a\n:session: s\n(QEMU) blockdev-add driver=null-co node-name=n0\n",
    "examples__b_qmp": ":name: b\n:session: s\n(QEMU) blockdev-del node-name=n0\n",
    "examples__good_qmp": GOOD,
}
"""Those of two documents, and one of the files of a folder."""


def test_each_document_has_its_session_and_the_files_of_a_folder_share_theirs(project: pytest.Pytester) -> None:
    write(project, **SESSIONS)
    project.makeini("[pytest]\nqmp_examples = docs examples\naddopts = --strict-markers -p no:xdist\n")
    project.runpytest_subprocess().assert_outcomes(passed=7)
    project.runpytest_subprocess("examples/b.qmp").assert_outcomes(passed=1)


def test_with_xdist_the_examples_of_a_session_run_in_one_process(project: pytest.Pytester) -> None:
    write(project, **SESSIONS)
    project.makeini("[pytest]\nqmp_examples = docs examples\naddopts = --strict-markers\n")
    result = project.runpytest_subprocess("-v", "-n", "2", "--dist", "loadgroup")
    result.assert_outcomes(passed=7)
    passed = [line for line in result.stdout.lines if "PASSED" in line and "@" in line]
    ran = {(line.split()[0], line.rstrip().partition("@")[2]) for line in passed}
    places = ("docs/other.md", "docs/page.md", "examples")
    assert sorted(session for _, session in ran) == [f"{project.path}/{place}::s" for place in places]


def test_a_qemu_that_is_not_there_is_one_message(project: pytest.Pytester) -> None:
    write(project, examples__good_qmp=GOOD)
    result = project.runpytest_subprocess("--qmp-qemu=/does/not/exist")
    assert result.ret is pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --qmp-qemu: /does/not/exist is neither a program nor a folder of programs"])


def test_without_an_emulator_examples_are_skipped(project: pytest.Pytester) -> None:
    write(project, examples__good_qmp=GOOD)
    another = project.mkdir("tools") / "qemu-img"
    another.touch(0o755)
    result = project.runpytest_subprocess("-rs", f"--qmp-qemu={another.parent}")
    result.assert_outcomes(skipped=1)


def test_a_folder_without_a_qemu_is_an_error(project: pytest.Pytester) -> None:
    write(project, examples__good_qmp=GOOD)
    result = project.runpytest_subprocess(f"--qmp-qemu={project.mkdir('empty')}")
    result.stderr.fnmatch_lines(["ERROR: --qmp-qemu: no program of QEMU is in the folder *"])
