"""The addresses of the reference's pages, and the fragments in them: others link to them, so none may go.

`addresses/VERSION.txt` has those of a version of QEMU. A line is a page, then the fragments on it. Fragments that more
than half of the pages in a folder have stand once, on the folder's own line. `--force-regen` adds new ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from docutils import nodes

from qapidoc_ext.introspect.observed import Observed
from qapidoc_ext.introspect.recordings import recorded_versions
from qapidoc_ext.render.branch import branch_page, union_page
from qapidoc_ext.render.changes import changes_index_page, changes_page, far_pairs, gone_page
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.coverage import coverage_page
from qapidoc_ext.render.definition import definition_page
from qapidoc_ext.render.feature import feature_page, features_page
from qapidoc_ext.render.index import index_page
from qapidoc_ext.render.module import module_page
from qapidoc_ext.render.presence import this_qemu_page
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.render.transcript import example_anchor
from qapidoc_ext.schema.load import load
from qapidoc_ext.sphinx_ext.config import Config
from qapidoc_ext.sphinx_ext.pages import Page, pages
from qapidoc_ext.sphinx_ext.read_only_pages import read_only_sources
from qapidoc_ext.sphinx_ext.versions import version_pages

FOLDER = Path(__file__).parent / "addresses"
SCHEMAS = {
    "qmp": "qapi/qapi-schema.json",
    "qga": "qga/qapi-schema.json",
    "qsd": "storage-daemon/qapi/qapi-schema.json",
}
Addresses = dict[str, set[str]]
"""The fragments of each page."""


def rendered(page: Page, reference: Reference, context: Context) -> nodes.section:  # noqa: PLR0911 - of each kind
    match page.directive:
        case "qapi:definition":
            return definition_page(reference.definition(page.argument), context)
        case "qapi:branch":
            union, _, branch = page.argument.partition(".")
            return branch_page(reference.branch(union, branch), context)
        case "qapi:branches":
            return union_page(reference.union(page.argument), context)
        case "qapi:feature":
            return feature_page(reference.feature(page.argument), context)
        case "qapi:features":
            return features_page(reference.features(), context)
        case "qapi:module-page":
            return module_page(reference.module(page.argument), context)
        case "qapi:coverage":
            return coverage_page(reference.coverage(), context)
        case _:
            return index_page(reference.index(page.argument), context)


def rendered_of_versions(page: Page, context: Context) -> nodes.section:
    versions = context.observed.versions
    match page.directive:
        case "qapi:changes":
            old, _, new = page.argument.partition("..")
            return changes_page(old, new, (), (), context)
        case "qapi:changes-index":
            return changes_index_page(versions, far_pairs(versions), context)
        case "qapi:gone":
            return gone_page("", (), (), context)
        case _:
            return this_qemu_page("", context)


def addresses_of(tree: Path) -> Addresses:
    """Of a source tree of QEMU, with the configuration's defaults, and with a page for each two recorded versions."""
    return {
        f"{namespace}/{address}": fragments
        for namespace, path in SCHEMAS.items()
        for address, fragments in _addresses(tree / path, namespace)
    }


def _addresses(path: Path, namespace: str) -> Iterator[tuple[str, set[str]]]:
    words = next(
        item.metadata["default"] for item in Config.__dataclass_fields__.values() if item.name == "branch_pages"
    )
    reference = Reference(schema=load(path).schema, namespace=namespace, words=words)
    observed = Observed(versions=recorded_versions() if namespace == "qmp" else ())
    context = Context(namespace=namespace, parse=lambda prose: [nodes.paragraph("", prose.text)], observed=observed)
    for page in pages(reference):
        yield page.address, _ids(rendered(page, reference, context))
    for page in version_pages(reference, observed, recorded_versions()):
        yield page.address, _ids(rendered_of_versions(page, context))
    for address, text in read_only_sources().items() if namespace == "qmp" else ():
        yield address, {example_anchor(name) for name in re.findall(r":name: (\S+)", text)}


def _ids(content: nodes.Element) -> set[str]:
    return {anchor for node in content.findall(nodes.Element) for anchor in node["ids"]}


def written(addresses: Addresses) -> str:
    lines: list[str] = []
    folders: dict[PurePosixPath, list[str]] = {}
    for page in sorted(addresses):
        folders.setdefault(PurePosixPath(page).parent, []).append(page)
    for folder, names in folders.items():
        counts = Counter(fragment for name in names for fragment in addresses[name])
        common = {fragment for fragment, count in counts.items() if count > len(names) / 2}
        lines.append(" ".join([f"{folder}/", *sorted(common)]))
        for name in names:
            missing = [f"!{fragment}" for fragment in common - addresses[name]]
            lines.append(" ".join([PurePosixPath(name).name, *sorted(missing), *sorted(addresses[name] - common)]))
    return "\n".join(lines) + "\n"


def read(text: str) -> Addresses:
    found: Addresses = {}
    folder, common = "", set[str]()
    for line in text.splitlines():
        name, *fragments = line.split(" ")
        if name.endswith("/"):
            folder, common = name, set(fragments)
        else:
            own = {fragment for fragment in fragments if not fragment.startswith("!")}
            found[folder + name] = (common | own) - {fragment[1:] for fragment in fragments if fragment.startswith("!")}
    return found


@pytest.mark.needs_a_version
def test_no_address_and_no_fragment_goes(qemu_schema: Path, request: pytest.FixtureRequest) -> None:
    tree = qemu_schema.parents[1]
    path = FOLDER / f"{'.'.join((tree / 'VERSION').read_text().split('.')[:2])}.txt"
    if not path.is_file() and not request.config.getoption("force_regen"):
        pytest.skip(f"there is no list for this version of QEMU: {path.name}")
    known = read(path.read_text()) if path.is_file() else {}
    now = addresses_of(tree)
    gone = {page: fragments - now.get(page, set()) for page, fragments in known.items()}
    assert {page: fragments for page, fragments in gone.items() if fragments or page not in now} == {}
    new = {page: fragments - known.get(page, set()) for page, fragments in now.items()}
    if request.config.getoption("force_regen"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(written(now))
    assert {page: fragments for page, fragments in new.items() if fragments or page not in known} == {}


def test_the_list_can_be_read_again() -> None:
    addresses = {"a/x": {"1", "2"}, "a/y": {"1"}, "a/z": {"2"}, "b/x": set[str]()}
    assert read(written(addresses)) == addresses
