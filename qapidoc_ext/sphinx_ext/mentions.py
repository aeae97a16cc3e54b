"""Where else the site speaks of a feature, a branch, a command or an event: its page leads there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from qapidoc_ext.qmp.script import Script
from qapidoc_ext.qmp.step import ExpectedEvent, Request
from qapidoc_ext.render.build import linked, paragraph, section, separated
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.render.transcript import anchor
from qapidoc_ext.schema.model import Union
from qapidoc_ext.sphinx_ext.config import is_generated
from qapidoc_ext.sphinx_ext.domain import QapiDomain, qapi_domain
from qapidoc_ext.sphinx_ext.files import address_of
from qapidoc_ext.sphinx_ext.nodes import mentions

_IN_TEXTS = ("feature", "branch")
_KINDS = (*_IN_TEXTS, "command", "event")


def mentions_of(namespace: str, kind: str, name: str, domain: QapiDomain) -> mentions:
    """A node that stands for the documents that mention something, on the page of which it is."""
    domain.note_page(f"page of {_key(namespace, kind, name)}")
    return mentions(key=_key(namespace, kind, name))


def _key(namespace: str, kind: str, name: str) -> str:
    return f"{kind} {namespace}:{name}"


def collect_mentions(app: Sphinx, doctree: nodes.document) -> None:
    """Remember what the document that was just read mentions, and the first example in it that shows that.

    What is generated mentions everything, and counts not.
    """
    domain = qapi_domain(app.env)
    docname = app.env.current_document.docname
    if is_generated(app.config, docname):
        return
    found: dict[str, str] = {}
    for script in domain.examples.get(docname, ()):
        if isinstance(script, Script):
            for key in _in_example(script, domain):
                found.setdefault(key, anchor(script) if script.header.name else "")
    for key in _linked(doctree, domain):
        found.setdefault(key, "")
    for key, place in found.items():
        domain.note_page(f"{key}#{place}")


def _linked(doctree: nodes.document, domain: QapiDomain) -> Iterator[str]:
    """The features and branches that a text links to; it links to commands and events wherever it names one."""
    for reference in doctree.findall(addnodes.pending_xref):
        if reference.get("refdomain") == "qapi" and reference["reftype"] in _IN_TEXTS:
            prefix, _, name = str(reference["reftarget"]).rpartition(":")
            for namespace in [prefix] if prefix else domain.references:
                yield _key(namespace, reference["reftype"], name)


def _in_example(script: Script, domain: QapiDomain) -> Iterator[str]:
    for namespace, reference in domain.references.items():
        for name in reference.carriers:
            if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", script.text):
                yield _key(namespace, "feature", name)
        for name in _branches(script.text, reference):
            yield _key(namespace, "branch", name)
        for step in script.steps:
            match step:
                case Request(command=name) if name:
                    yield _key(namespace, "command", name)
                case ExpectedEvent(event=name) if name:
                    yield _key(namespace, "event", name)
                case _:
                    pass


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
    found: dict[str, list[tuple[str, str]]] = {}
    for docname, contents in domain.data["pages"].items():
        for content in contents:
            if content.startswith("page of "):
                pages[content.removeprefix("page of ")] = docname
            elif content.partition(" ")[0] in _KINDS:
                key, _, place = content.rpartition("#")
                found.setdefault(key, []).append((docname, place))
    domain.data["mentions"] = {key: sorted(places) for key, places in found.items()}
    del app
    now = domain.data["mentions"]
    return [pages[key] for key in {*before, *now} if key in pages and before.get(key) != now.get(key)]


def show_mentions(app: Sphinx, found: Iterable[mentions], docname: str) -> None:
    """Put the links where they are to be shown; nothing where there are none."""
    for node in found:
        places = qapi_domain(app.env).data["mentions"].get(node["key"], [])
        links = separated(_link(app, docname, *place) for place in places)
        node.replace_self([section("_shown", "Shown in", paragraph(links, "."))] if links else [])


def _link(app: Sphinx, docname: str, target: str, place: str) -> nodes.Node:
    address = address_of(app, docname, target)
    return linked(app.env.titles[target].astext(), f"{address}#{place}" if address and place else address)
