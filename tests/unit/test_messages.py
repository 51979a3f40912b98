"""No message about an input leaves out what is allowed, or what to do."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import optmix

ROOT = Path(optmix.__file__).parent
SOURCES = sorted([*ROOT.glob("schema/*.py"), *ROOT.glob("data/*.py"), ROOT / "resources.py"])

PARTS = ("what", "where", "allowed", "hint")
"""Of a Problem in their order; a Fault has its location first, and tells the place from that."""

SUMMARY = "more_rows"
"""Counts the rows that are like those named before it."""


def messages(node: ast.AST) -> Iterator[ast.Call]:
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.FunctionDef) and inner.name == SUMMARY:
            continue
        if isinstance(inner, ast.Call) and ast.unparse(inner.func) in {"Problem", "Fault"}:
            yield inner
        yield from messages(inner)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_each_message_is_given_all_its_parts(source: Path) -> None:
    for call in messages(ast.parse(source.read_text(encoding="utf-8"))):
        given = {*PARTS[: len(call.args)], *(keyword.arg for keyword in call.keywords)}
        assert given >= {"allowed", "hint"}, f"{source.name}:{call.lineno}: {ast.unparse(call)}"
