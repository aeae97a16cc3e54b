"""References that lead nowhere."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment

from qapidoc_ext.schema.closest import hint
from qapidoc_ext.schema.model import BUILTIN_TYPES
from qapidoc_ext.sphinx_ext.domain import ELSEWHERE, is_of_schema, qapi_domain
from qapidoc_ext.sphinx_ext.prose import IN_SCHEMA
from qapidoc_ext.sphinx_ext.report import logger

_JSON_TYPES = frozenset({"string", "boolean", "value", "q_empty"})
"""What QEMU's manual calls some built-in types, and the type of what has no members."""


def look_for_definitions(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, contnode: nodes.Element
) -> None:
    """Let intersphinx look for definitions only: `any` means to it whatever a site documents, as `open` of Python."""
    del app, env, contnode
    if node.get("refdomain") == "qapi" and node["reftype"] == "any" and is_of_schema(node):
        node["reftype"] = ELSEWHERE


def keep_as_text(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, contnode: nodes.Element
) -> nodes.Element | None:
    """The text of a reference to what this site cannot have.

    A schema refers to QEMU's other manuals and to other schemas, in single backticks too; and where no schema is
    loaded and no document shows one, nothing in one can be referred to.
    """
    del app
    if node["reftype"] == ELSEWHERE:
        node["reftype"] = "any"
    domain = qapi_domain(env)
    to_other_manual = node.get(IN_SCHEMA) and (node.get("refdomain") == "std" or node["reftype"] == "any")
    has_schema = bool(domain.schemas or domain.faults) and not domain.lacks_schemas
    to_no_schema = node.get("refdomain") == "qapi" and not has_schema
    return contnode if to_other_manual or to_no_schema else None


def warn_of_missing(app: Sphinx, domain: Domain | None, node: addnodes.pending_xref) -> bool | None:
    """Warn of a reference that leads nowhere, with the names that are like it. True: Sphinx need not warn."""
    role, name = node["reftype"], node["reftarget"]
    if domain is not None and domain.name == "qapi":
        if not node["refwarn"]:  # nobody wrote it as a reference, and nitpicky is about what somebody wrote
            return True
        if role == "type" and name in BUILTIN_TYPES | _JSON_TYPES:
            return True
        text = f"qapi:{role} reference target not found: '{name}'"
        return _warn(f"{text}{hint(name, _names(app, role))}", node, "qapi")
    if role == "any" and (suggestion := hint(name, _names(app, role))):
        return _warn(f"'any' reference target not found: {name}{suggestion}", node, "any")
    return None


def _names(app: Sphinx, role: str) -> list[str]:
    return sorted(qapi_domain(app.env).names.of_role(role))


def _warn(message: str, node: addnodes.pending_xref, subtype: str) -> bool:
    logger.warning("%s", message, location=node, type="ref", subtype=subtype)
    return True
