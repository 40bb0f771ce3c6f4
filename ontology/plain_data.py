"""YAML nodes as the plain values they stand for. Pure."""

from typing import Any

from ontology.nodes import NOTHING, Findings, Listing, Node, Scalar, Table


def plain_data(node: Node, findings: Findings) -> Any:
    """A YAML node as dicts, lists, texts, numbers, true, false and None. What YAML would have to guess is noted."""
    if isinstance(node, Table):
        return {key.text: plain_data(value, findings) for key, value in node.entries}
    if isinstance(node, Listing):
        return [plain_data(item, findings) for item in node.items]
    return _plain_scalar(node, findings)


def _plain_scalar(node: Scalar, findings: Findings) -> Any:
    if node.implied is None or node.implied == "a date":
        return node.text
    if node.implied == NOTHING:
        return None
    if node.text in ("true", "false"):
        return node.text == "true"
    if node.implied == "a number":
        for kind in (int, float):
            try:
                number = kind(node.text)
            except ValueError:
                continue
            if not (node.text.lstrip("+-").startswith("0") and node.text.lstrip("+-0")[:1].isdigit()):
                return number
    findings.add("quote_it", node, f"{node.text} is read as {node.implied} by some tools", f'write "{node.text}"')
    return node.text
