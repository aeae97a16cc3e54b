"""The roles that refer to a part of a schema."""

from __future__ import annotations

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole


class QapiRole(XRefRole):
    """A reference `[NAMESPACE:][MODULE.]NAME`, in the notation of QEMU's own domain.

    `~` before it shows just the name. A type may be `[T]`, an array, and `T?`, that of something optional.
    """

    def process_link(
        self, env: BuildEnvironment, refnode: nodes.Element, has_explicit_title: bool, title: str, target: str
    ) -> tuple[str, str]:
        """The text and the target; where the reference stands is remembered in its node."""
        refnode["qapi:namespace"] = env.ref_context.get("qapi:namespace")
        refnode["qapi:module"] = env.ref_context.get("qapi:module")
        is_short, target = target.startswith("~"), target.removeprefix("~")
        if target.endswith("?"):
            refnode["qapi:optional"], target = True, target[:-1]
        if target.startswith("[") and target.endswith("]"):
            refnode["qapi:array"], target = True, target[1:-1]
        if has_explicit_title:
            return title, target
        return (target.rpartition(".")[2] if is_short else target), target

    def result_nodes(
        self, document: nodes.document, env: BuildEnvironment, node: nodes.Element, is_ref: bool
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The reference, with what its notation says of it around it."""
        del document, env, is_ref
        result: list[nodes.Node] = [node]
        if node.get("qapi:array"):
            result = [nodes.literal("", "["), node, nodes.literal("", "]")]
        if node.get("qapi:optional"):
            result += [nodes.Text(", "), nodes.emphasis("", "optional")]
        return result, []
