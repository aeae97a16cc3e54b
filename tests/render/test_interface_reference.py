"""A schema as a reference, with what differs from another one."""

from pathlib import Path

from docutils import nodes

from qapidoc_ext.render.context import Context
from qapidoc_ext.render.interface_reference import interface_reference
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.schema.load import load

MINUS = "\N{MINUS SIGN}"
BEFORE = """
{ 'enum': 'Kind', 'data': [ 'led', 'neon' ] }
{ 'struct': 'Led', 'data': { 'watts': 'int' } }
{ 'struct': 'Neon', 'data': { 'gas': 'str' } }
{ 'union': 'Light', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind', 'data': { 'led': 'Led' } }
{ 'struct': 'Lamp', 'data': { 'light': 'Light' } }
"""
AFTER = BEFORE.replace("'int'", "'number'").replace("'led': 'Led'", "'neon': 'Neon'")
AFTER = AFTER.replace("'data': { 'light': 'Light' }", "'data': { 'light': 'Light' }, 'features': [ 'fast' ]")


def test_what_differs_is_named_in_words(tmp_path: Path) -> None:
    before, after = reference(tmp_path / "before.json", BEFORE), reference(tmp_path / "after.json", AFTER)
    context = Context(namespace="qmp", parse=lambda prose: [nodes.paragraph("", prose.text)])
    table, *_ = interface_reference(before, after, context)
    said = {name.astext(): what.astext().strip() for name, what in (row.children for row in table.findall(nodes.row))}
    assert said["Led"] == "≠ changed watts"
    assert said["Lamp"] == "+ new feature fast"
    assert said["Light"] == (
        f"+ new branch neon + new gas of branch neon {MINUS} gone branch led {MINUS} gone watts of branch led"
    )


def reference(path: Path, text: str) -> Reference:
    path.write_text(text)
    return Reference(schema=load(path).schema, namespace="qmp", words={})
