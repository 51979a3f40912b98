"""The second opinion shares nothing with the first."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import optmix

FOLDER = Path(optmix.__file__).parent / "verify"
ALLOWED = (
    "optmix.errors",
    "optmix.units",
    "optmix.schema",
    "optmix.data",
    "optmix.rules.in_force",
    "optmix.rules.outcome",
    "optmix.rules.rule",
    "optmix.verify",
)
"""Of a rule, its check; that it needs no Pyomo is tested by loading it."""
FOREIGN = ("pyomo", "highspy", "optmix.model", "optmix.solve", "typer", "rich")


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_verify_imports_only_what_it_may(path: Path) -> None:
    own = {name for name in imported(path) if name.split(".")[0] == "optmix"}
    assert all(name.startswith(ALLOWED) for name in own)
    assert not {name for name in imported(path) if name.startswith(FOREIGN)}


def test_verifying_loads_neither_pyomo_nor_a_solver() -> None:
    code = (
        "import sys, optmix.verify.check, optmix.verify.files; "
        f"loaded = [name for name in {FOREIGN} if name in sys.modules]; "
        "sys.exit(', '.join(loaded) or None)"
    )
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
