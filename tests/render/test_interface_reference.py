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
{ 'command': 'count', 'returns': 'int' }
"""
AFTER = BEFORE.replace("'int'", "'number'").replace("'led': 'Led'", "'neon': 'Neon'")
AFTER = AFTER.replace("'data': { 'light': 'Light' }", "'data': { 'light': 'Light' }, 'features': [ 'fast' ]")


def test_what_differs_is_named_in_words(tmp_path: Path) -> None:
    before, after = reference(tmp_path / "before.json", BEFORE), reference(tmp_path / "after.json", AFTER)
    context = Context(namespace="qmp", parse=lambda prose: [nodes.paragraph("", prose.text)])
    table, *_ = interface_reference(before, after, context)
    said = {name.astext(): what.astext().strip() for name, what in (row.children for row in table.findall(nodes.row))}
    assert said["Led"] == "≠ changed watts"
    assert said["count"] == "≠ changed"  # it returns something else
    assert said["Lamp"] == "+ new feature fast"
    assert said["Light"] == (
        f"+ new branch neon + new gas of branch neon {MINUS} gone branch led {MINUS} gone watts of branch led"
    )


def test_what_is_gone_is_shown_where_it_stood(tmp_path: Path) -> None:
    texts = {
        "before": f"{{ 'struct': 'Lamp', 'data': {dict.fromkeys('abcdefg', 'int')} }}",
        "after": f"{{ 'struct': 'Lamp', 'data': {dict.fromkeys('ce', 'int')} }} {{ 'event': 'LIT' }}",
    }
    before, after = (reference(tmp_path / f"{side}.json", text) for side, text in texts.items())
    context = Context(namespace="qmp", parse=lambda prose: [nodes.paragraph("", prose.text)])
    for one, other in ((before, after), (after, before)):
        table, *sections = interface_reference(one, other, context)
        assert sorted(row[0].astext() for row in table.findall(nodes.row)) == ["Definition", "LIT", "Lamp"]
        [lamp] = [section for section in sections if section.astext().startswith("Lamp")]
        rows = [row["ids"][0] for row in lamp.findall(nodes.row) if row["ids"]]
        assert [name.rpartition(".")[2] for name in rows] == list("abcdefg")


def test_every_definition_has_its_anchor_also_where_it_is_the_same(tmp_path: Path) -> None:
    before, after = (
        reference(tmp_path / side / "lights.json", text) for side, text in (("old", BEFORE), ("new", AFTER))
    )
    context = Context(namespace="qmp", parse=lambda prose: [nodes.paragraph("", prose.text)])
    shown = interface_reference(before, after, context)
    assert "The same in both:" in [node.astext() for node in shown]
    page = nodes.Element("", *shown)
    anchors = [anchor for node in page.findall(nodes.Element) for anchor in node["ids"]]
    assert sorted(found for found in anchors if found.startswith("interface-")) == [
        "interface-Kind", "interface-Lamp", "interface-Led", "interface-Light", "interface-Neon",
        "interface-count"
    ]  # fmt: skip


def test_members_of_one_name_have_anchors_of_their_own_and_links_lead_to_anchors(tmp_path: Path) -> None:
    texts = (BEFORE, AFTER.replace("'gas': 'str'", "'watts': 'int'"))
    before, after = (reference(tmp_path / f"{number}.json", text) for number, text in enumerate(texts))
    context = Context(namespace="qmp", parse=lambda prose: [nodes.paragraph("", prose.text)])
    page = nodes.Element("", *interface_reference(before, after, context))
    anchors = [anchor for node in page.findall(nodes.Element) for anchor in node["ids"]]
    links = {node["refid"] for node in page.findall(nodes.Element) if "refid" in node}
    assert {"Led.watts", "Neon.watts"} <= {*anchors} & links
    assert len(anchors) == len({*anchors})
    assert links <= {*anchors}


def reference(path: Path, text: str) -> Reference:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return Reference(schema=load(path).schema, namespace="qmp", words={})
