"""Who uses what."""

from pathlib import Path

from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import Command, Event
from qapidoc_ext.schema.usage import Reach, Role, Use, usage

LAMPS = Path(__file__).parent.parent / "render" / "lamps.json"


def test_direct_uses() -> None:
    uses = usage(load(LAMPS).schema).uses
    assert uses["Bare"] == (
        Use(definition="Lamp", role=Role.BASE),
        Use(definition="Nested", role=Role.BRANCH, part="red"),
        Use(definition="OldLight", role=Role.BRANCH, part="many"),
        Use(definition="query-qmp-schema", role=Role.RETURN),
    )
    assert uses["LampOrName"] == (Use(definition="light-up", role=Role.ARGUMENT, part="lamp"),)
    assert uses["Light"] == (Use(definition="light-all", role=Role.ARGUMENTS),)
    assert Use(definition="LampOrName", role=Role.ALTERNATIVE, part="lamp") in uses["Lamp"]


def test_what_is_reached_from_commands_and_events() -> None:
    reach = usage(load(LAMPS).schema).reach
    assert reach["Bare"] == Reach(sent=("light-up", "light-all"), returned=("light-up", "query-qmp-schema"))
    assert reach["OldLight"] == Reach()


def test_every_type_of_a_real_schema_is_reached_by_what_uses_it(qemu_schema: Path) -> None:
    schema = load(qemu_schema).schema
    found = usage(schema)
    for name, uses in found.uses.items():
        if name not in schema.definitions:
            continue  # a built-in type
        reach = found.reach[name]
        for use in uses:
            user = schema.definitions[use.definition]
            if isinstance(user, Command):
                assert use.definition in (reach.returned if use.role is Role.RETURN else reach.sent)
            elif isinstance(user, Event):
                assert use.definition in reach.emitted
            else:
                above = found.reach[use.definition]
                assert set(above.sent) <= set(reach.sent)
                assert set(above.returned) <= set(reach.returned)
                assert set(above.emitted) <= set(reach.emitted)
