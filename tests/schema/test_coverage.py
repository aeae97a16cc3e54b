"""How much of a schema is documented."""

from pathlib import Path

import pytest

from qapidoc_ext.schema.coverage import coverage
from qapidoc_ext.schema.load import load

LAMPS = Path(__file__).parent.parent / "render" / "lamps.json"
UPSTREAM = {"7.2": 517, "10.0": 407, "10.2": 410}
"""The members, values and alternatives that QEMU's own manual of the version says "Not documented" of."""


def test_what_has_no_text() -> None:
    [lamps] = coverage(load(LAMPS).schema)
    assert lamps.bare_definitions == ("Bare", "Nested", "OldLight", "LampOrName", "light-all", "query-qmp-schema")
    assert lamps.bare_parts == (
        ("Bare", "serial"),
        ("Light", "id"),
        ("Nested", "inner"),
        ("LampOrName", "name"),
        ("light-up", "lamp"),
    )
    assert (lamps.definitions, lamps.parts) == (12, 13)


@pytest.mark.parametrize(("said", "bare"), [("", ("S",)), ("#\n# Note: it is deep\n", ()), ("#\n# A struct.\n", ())])
def test_a_comment_that_has_only_members_is_no_text(said: str, bare: tuple[str, ...], tmp_path: Path) -> None:
    text = "##\n# @S:\n" + said + "#\n# @m: a member\n#\n# Since: 7.2\n##\n{ 'struct': 'S', 'data': { 'm': 'str' } }\n"
    (tmp_path / "schema.json").write_text(text)
    [found] = coverage(load(tmp_path / "schema.json").schema)
    assert (found.bare_definitions, found.bare_parts) == (bare, ())


def test_it_is_what_qemus_own_manual_counts(qemu_schema: Path) -> None:
    schema = load(qemu_schema).schema
    version = ".".join(schema.version.split(".")[:2])
    found = sum(len(module.bare_parts) for module in coverage(schema))
    assert version not in UPSTREAM or found == UPSTREAM[version]
