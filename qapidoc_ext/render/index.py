"""The pages that lead into the reference of a schema."""

from __future__ import annotations

from collections.abc import Mapping

from docutils import nodes

from qapidoc_ext.render.build import literal, paragraph, row, section, separated, table
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.versions import document_link, version_links
from qapidoc_ext.render.views import IndexView, ModuleCount
from qapidoc_ext.schema.model import Schema

_BUILTIN_VALUES: Mapping[str, str] = {
    "str QType": "a string",
    "bool": "true or false",
    "int int8 int16 int32 int64": "an integer of so many bits, 64 where none are named, with a sign",
    "uint8 uint16 uint32 uint64": "an integer of so many bits, without a sign",
    "size": "an integer of 64 bits without a sign, which counts bytes",
    "number": "a number",
    "null": "null",
    "any": "any value",
}


def index_page(view: IndexView, context: Context) -> nodes.section:
    """The way into the reference of a schema: its modules, its branch pages, its features."""
    modules = [_module_row(module, context) for module in view.modules]
    count = sum(module.commands + module.events + module.types for module in view.modules)
    more = [
        context.link("page", "features", nodes.inline("", "all feature flags")),
        context.link("page", "coverage", nodes.inline("", "how much of the schema is documented")),
    ]
    return section(
        f"index-{context.namespace}",
        view.title,
        paragraph(_extent(count, len(view.modules), view.version)),
        *version_links(context),
        *(_branch_list(union, names, context) for union, names in view.unions),
        section("_features", "Feature flags", _feature_list(view.features, context), paragraph(separated(more))),
        section("_modules", "Modules", table("modules", ["Module", "Commands", "Events", "Types"], modules)),
        _builtin_types(),
    )


def _builtin_types() -> nodes.section:
    """What the values are of the types that no schema defines, and that have no page."""
    rows = [row([separated(map(literal, names.split())), value]) for names, value in _BUILTIN_VALUES.items()]
    return section(
        "_builtin",
        "Built-in types",
        paragraph("What their values are by QEMU's ", literal("docs/devel/qapi-code-gen"), "; it was not tried here."),
        table("builtin", ["Type", "In JSON"], rows),
    )


def _feature_list(names: tuple[str, ...], context: Context) -> nodes.paragraph:
    return paragraph(separated((context.link("feature", name) for name in names), " ") or "None.")


def _branch_list(union: str, names: tuple[str, ...], context: Context) -> nodes.section:
    links = [context.link("branch", f"{union}.{name}", name) for name in names]
    title = [nodes.Text("Branches of "), literal(union)]
    text = nodes.inline("", "", literal(union), nodes.Text(" side by side"))
    table_link = paragraph(context.link("branches", union, text))
    return section(f"_branches.{union}", title, paragraph(separated(links, " ")), table_link)


def _module_row(module: ModuleCount, context: Context) -> nodes.row:
    return row([context.link("mod", module.name), str(module.commands), str(module.events), str(module.types)])


def summary(schema: Schema | None, address: str, namespace: str) -> nodes.Element:
    """What a build documents of a schema, or that it documents nothing, in a paragraph for the first page."""
    title = namespace.upper()
    if schema is None:
        text = f"This build had no QAPI schema: it has no {title} reference, and links into it are plain text."
        return nodes.warning("", paragraph(text))
    link = document_link(address, f"The {title} reference")
    return paragraph(link, ": ", _extent(len(schema.definitions), len(schema.modules), schema.version))


def _extent(definitions: int, modules: int, version: str) -> str:
    qemu = f"QEMU {version}" if version else "a QEMU of unknown version"
    counted = "one definition" if definitions == 1 else f"{definitions} definitions"
    in_modules = "one module" if modules == 1 else f"{modules} modules"
    return f"{counted} in {in_modules}, from the schema of {qemu}."
