"""The schemas that QEMU tests its own front end with, judged as it judges them: those of the source at hand."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from qapidoc_ext.schema.dialect import dialect_of
from qapidoc_ext.schema.load import load, version_above

PLACE = re.compile(r"^([^\s:]+\.json):(\d+)(?::\d+)?: (?!previous definition)", re.MULTILINE)


@pytest.fixture
def suite(qemu_schema: Path) -> Path:
    return qemu_schema.parent.parent / "tests" / "qapi-schema"


def schemas(suite: Path) -> Iterator[Path]:
    """Those that QEMU runs; the other files of the folder are included by them."""
    listed = re.findall(r"'([\w.-]+\.json)'", (suite / "meson.build").read_text(encoding="utf-8"))
    return (suite / name for name in sorted(set(listed)) if (suite / name).with_suffix(".err").exists())


def expected(schema: Path) -> tuple[str, str] | str:
    """The file and the line of the fault that QEMU reports; `valid` where there is none, else `unreadable`."""
    message = schema.with_suffix(".err").read_text(encoding="utf-8")
    places = PLACE.findall(message)
    if places:
        return Path(places[-1][0]).name, places[-1][1]
    return "unreadable" if message else "valid"


def judged(schema: Path) -> tuple[str, str] | str:
    findings = load(schema, dialect_of(version_above(schema))).findings
    if not findings:
        return "valid"
    place = findings[0].location
    return (Path(place.path).name, str(place.line)) if place.line else "unreadable"


def test_every_schema_has_the_verdict_and_the_line_of_qemu(suite: Path) -> None:
    different = {s.name: (judged(s), expected(s)) for s in schemas(suite) if judged(s) != expected(s)}
    assert different == {}


def test_the_suite_is_there(suite: Path) -> None:
    found = [expected(schema) for schema in schemas(suite)]
    assert len(found) >= 193  # of QEMU 5.2; later ones have more
    assert found.count("valid") >= 8


@pytest.mark.parametrize("program", ["qapi", "qga", "storage-daemon/qapi"])
def test_the_schemas_of_qemus_programs_have_no_fault(qemu_schema: Path, program: str) -> None:
    schema = qemu_schema.parent.parent / program / "qapi-schema.json"
    assert load(schema, dialect_of(version_above(schema))).findings == ()
    assert load(schema).findings == ()
