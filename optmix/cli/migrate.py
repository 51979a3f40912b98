"""``optmix migrate``: rewrite a site file of an older schema version."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from optmix.cli.options import Quiet, Verbose
from optmix.cli.terminal import terminal_of
from optmix.errors import InputError, Problem, SchemaError

__all__ = ["migrate"]


def migrate(
    ctx: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Site files.", show_default=False)
    ],
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Bring site files of older versions up to date.

    The old file is kept beside the new one, because comments are not carried over.
    """
    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    for path in paths:
        terminal.text(f"{path}: {_migrated(path)}\n")


def _migrated(path: Path) -> str:
    """Bring one file up to date, and say what was done."""
    from optmix.schema import migrate as versions
    from optmix.schema.document import read_document
    from optmix.schema.toml_text import toml_text

    document = read_document(path)
    version = document.values.get("schema_version")
    if version is None:
        what = "schema_version is missing, so the version of the file is not known"
        raise SchemaError(Problem(what, str(path), f"schema_version = {versions.LATEST}"))
    values, notes = versions.migrate(document.values, where=f"{path} (schema_version)")
    if version == versions.LATEST:
        return f"already at version {version}"
    is_json = path.suffix.lower() == ".json"
    text = json.dumps(values, indent=2, ensure_ascii=False) + "\n" if is_json else toml_text(values)
    old = path.with_name(f"{path.name}.v{version}")
    if old.exists():
        hint = "it is from an earlier migration; move it away"
        raise InputError(
            Problem("the old file would be kept under a name taken", str(old), "", hint)
        )
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_text(text, encoding="utf-8", newline="\n")
        os.link(path, old)
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        problem = Problem(f"cannot be rewritten: {error.strerror}", str(path))
        raise InputError(problem) from error
    said = "".join(f"\n  {note}" for note in notes)
    return f"now at version {versions.LATEST}; the old file is {old}{said}"
