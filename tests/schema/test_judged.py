"""Each file in judged/ gives, in a dialect, the findings that the .txt file of both their names holds."""

from pathlib import Path

import pytest
from pytest_regressions.file_regression import FileRegressionFixture

from qapidoc_ext.cli import main
from qapidoc_ext.schema.dialect import DIALECTS, dialect_of
from qapidoc_ext.schema.load import load

JUDGED = Path(__file__).parent / "judged"


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("names", "10.2"),
        ("names", "5.2"),
        ("conditions", "10.2"),
        ("conditions", "5.2"),
        ("form", "10.2"),
        ("meaning", "10.2"),
        ("meaning", "7.2"),
        ("pragmas", "10.2"),
        ("pragmas", "5.2"),
        ("simple-unions", "5.2"),
        ("simple-unions", "7.2"),
        ("indented", "10.2"),
        ("indented", "10.0"),
        ("aligned", "7.2"),
        ("unread", "10.2"),
    ],
)
def test_judged(
    name: str, version: str, file_regression: FileRegressionFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(JUDGED)
    findings = load(Path(f"{name}.json"), DIALECTS[version]).findings
    file_regression.check(
        "".join(f"{finding}\n" for finding in findings), basename=f"{name}-{version}", extension=".txt"
    )


def test_check_prints_findings_and_fails(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(JUDGED)
    assert main(["check", "--dialect", "5.2", "simple-unions.json", "missing.json"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("simple-unions.json:3:")
    assert lines[-1] == "missing.json: cannot be read: No such file or directory"


def test_check_of_a_valid_schema_is_silent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "schema.json"
    path.write_text("{ 'command': 'go' }\n")
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("version", "code"), [("5.2.0", 0), ("7.2.0", 1), ("", 1)])
def test_check_takes_the_dialect_from_the_source_tree(tmp_path: Path, version: str, code: int) -> None:
    (tmp_path / "VERSION").write_text(f"{version}\n")
    (tmp_path / "qapi").mkdir()
    path = tmp_path / "qapi" / "schema.json"
    path.write_text("{ 'struct': 'A', 'data': {} }\n{ 'union': 'U', 'data': { 'a': 'A' } }\n")
    assert main(["check", str(path)]) == code


@pytest.mark.parametrize(
    ("version", "dialect"),
    [
        ("5.2.0", "5.2"),
        ("4.2.1", "5.2"),
        ("6.2.0", "7.2"),
        ("7.2.0", "7.2"),
        ("9.1.50", "10.0"),
        ("10.0.13", "10.0"),
        ("10.2.2", "10.2"),
        ("11.1.0", "10.2"),
        ("", "10.2"),
        ("unknown", "10.2"),
    ],
)
def test_dialect_of_a_version(version: str, dialect: str) -> None:
    assert dialect_of(version) is DIALECTS[dialect]


def test_seventy_features_are_too_many(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_text("\n".join(f"{{ 'command': 'c{number}', 'features': [ 'f{number}' ] }}" for number in range(70)))
    [finding] = load(path, DIALECTS["10.2"]).findings
    assert str(finding) == f"{path}:63:35: a schema can have 64 features, this one has 72"
    assert load(path, DIALECTS["7.2"]).findings == ()


def test_a_misspelled_type_is_told_with_the_closest_names(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_text(
        "{ 'enum': 'LampState', 'data': [ 'on' ] }\n{ 'struct': 'Lamp', 'data': { 's': 'LampStat', 'n': 'itn8' } }\n"
    )
    assert [finding.message for finding in load(path).findings] == [
        "there is no type 'LampStat'; close to it: LampState, Lamp",
        "there is no type 'itn8'; close to it: int8, uint8",
    ]


def test_close_names_are_looked_for_a_few_times_only(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    members = ", ".join(f"'m{number}': 'Lmap{number}', 'again{number}': 'Lmap{number}'" for number in range(30))
    path.write_text(f"{{ 'struct': 'Lamp', 'data': {{ {members} }} }}\n")
    messages = [finding.message for finding in load(path).findings]
    assert [message.endswith("; close to it: Lamp") for message in messages] == [True] * 40 + [False] * 20
