"""What docs/reference/data.md says of the data for programs."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from qapidoc_ext.introspect.presence import State
from qapidoc_ext.render.data import DefinitionData, IndexData
from qapidoc_ext.schema.usage import Role

DESCRIBED = Path(__file__).parents[2] / "docs" / "reference" / "data.md"


def test_the_description_names_every_key_role_and_state() -> None:
    _, components = msgspec.json.schema_components([DefinitionData, IndexData])
    keys = {key for component in components.values() for key in component["properties"]}
    roles = {role.name.lower() for role in Role}
    states = {state.name.lower().replace("_", "-") for state in State}
    named = set(re.findall(r"[`\"]([\w-]+)[`\"]", DESCRIBED.read_text(encoding="utf-8")))
    assert (keys | roles | states) - named == set()
