"""The schema of a real QEMU: the one whose source is at hand."""

import re
from pathlib import Path

from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import Struct
from qapidoc_ext.schema.views import carriers

DEFINITION = re.compile(r"^ *\{ *'(?:command|event|struct|union|alternate|enum)' *: *'([^']+)'", re.MULTILINE)


def test_every_definition_is_read_and_nothing_is_wrong(qemu_schema: Path) -> None:
    loaded = load(qemu_schema)
    text = "".join(Path(module.path).read_text(encoding="utf-8") for module in loaded.schema.modules)
    assert loaded.findings == ()
    assert sorted(loaded.schema.definitions) == sorted(DEFINITION.findall(text))
    assert len(loaded.schema.definitions) >= 680  # of QEMU 5.2; later ones have more


def test_the_feature_is_carried_by_the_type_behind_the_driver(qemu_schema: Path) -> None:
    [carrier] = carriers(load(qemu_schema).schema)["dynamic-auto-read-only"]
    assert isinstance(carrier.definition, Struct)
    assert carrier.definition.name == "BlockdevOptionsFile"
    assert str(carrier.feature.condition) == "Symbol(name='CONFIG_POSIX')"
    assert carrier.feature.doc is not None
