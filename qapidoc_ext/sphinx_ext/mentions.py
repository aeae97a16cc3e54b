"""Where else the site speaks of a feature or a branch: its page leads to the documents and examples that show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from qapidoc_ext.render.build import linked, paragraph, section, separated
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.schema.model import Union
from qapidoc_ext.source import SourceError, read_text
from qapidoc_ext.sphinx_ext.config import is_generated
from qapidoc_ext.sphinx_ext.domain import ExampleSource, QapiDomain, qapi_domain
from qapidoc_ext.sphinx_ext.files import address_of
from qapidoc_ext.sphinx_ext.nodes import mentions, qmp_example

_KINDS = ("feature", "branch")


def mentions_of(namespace: str, kind: str, name: str, domain: QapiDomain) -> mentions:
    """A node that stands for the documents that mention something, on the page of which it is."""
    domain.note_page(f"page of {_key(namespace, kind, name)}")
    return mentions(key=_key(namespace, kind, name))


def _key(namespace: str, kind: str, name: str) -> str:
    return f"{kind} {namespace}:{name}"


def collect_mentions(app: Sphinx, doctree: nodes.document) -> None:
    """Remember what the document that was just read mentions. What is generated mentions everything, and counts not."""
    domain = qapi_domain(app.env)
    if is_generated(app.config, app.env.current_document.docname):
        return
    for key in [*_linked(doctree, domain), *_in_examples(doctree, domain)]:
        domain.note_page(key)


def _linked(doctree: nodes.document, domain: QapiDomain) -> Iterator[str]:
    for reference in doctree.findall(addnodes.pending_xref):
        if reference.get("refdomain") == "qapi" and reference["reftype"] in _KINDS:
            prefix, _, name = str(reference["reftarget"]).rpartition(":")
            for namespace in [prefix] if prefix else domain.references:
                yield _key(namespace, reference["reftype"], name)


def _in_examples(doctree: nodes.document, domain: QapiDomain) -> Iterator[str]:
    for example in doctree.findall(qmp_example):
        text = _text(example["source"])
        for namespace, reference in domain.references.items():
            for name in reference.carriers:
                if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text):
                    yield _key(namespace, "feature", name)
            for name in _branches(text, reference):
                yield _key(namespace, "branch", name)


def _text(source: ExampleSource) -> str:
    if source.text:
        return source.text
    try:
        return read_text(Path(source.path))
    except SourceError:
        return ""  # said where the example is run


def _branches(text: str, reference: Reference) -> Iterator[str]:
    """The branches that a request in the text selects: the command is there, and the discriminator has the value."""
    for union, command in reference.takers.items():
        definition = reference.schema.definitions[union]
        if not command or command not in text or not isinstance(definition, Union):
            continue
        tag = re.escape(definition.discriminator or "type")
        given = set(re.findall(rf"""(?<![\w-])["']?{tag}["']?\s*[:=]\s*["']?([\w.-]+)""", text))
        yield from (f"{union}.{name}" for name in reference.branches(union) if name in given)


def changed_mentions(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """The pages of what is mentioned by other documents than before."""
    domain = qapi_domain(env)
    before = domain.data["mentions"]
    pages: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for docname, contents in domain.data["pages"].items():
        for content in contents:
            if content.startswith("page of "):
                pages[content.removeprefix("page of ")] = docname
            elif content.partition(" ")[0] in _KINDS:
                found.setdefault(content, []).append(docname)
    domain.data["mentions"] = {key: sorted(documents) for key, documents in found.items()}
    del app
    now = domain.data["mentions"]
    return [pages[key] for key in {*before, *now} if key in pages and before.get(key) != now.get(key)]


def show_mentions(app: Sphinx, found: Iterable[mentions], docname: str) -> None:
    """Put the links where they are to be shown; nothing where there are none."""
    for node in found:
        documents = qapi_domain(app.env).data["mentions"].get(node["key"], [])
        links = separated(_link(app, docname, document) for document in documents)
        node.replace_self([section("_shown", "Shown in", paragraph(links, "."))] if links else [])


def _link(app: Sphinx, docname: str, target: str) -> nodes.Node:
    return linked(app.env.titles[target].astext(), address_of(app, docname, target))
