"""``optmix init``: start a site from one that ships with optmix."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optmix.cli.options import Quiet, Verbose, usage
from optmix.cli.terminal import terminal_of
from optmix.cli.values import parse_path
from optmix.errors import InputError, Problem
from optmix.resources import SITE_FILE

if TYPE_CHECKING:
    from optmix.schema.site import Site

__all__ = ["init"]

SCHEMA_FILE = "site.schema.json"
SCHEMA_LINE = f"#:schema ./{SCHEMA_FILE}\n"
"""Editors that know TOML find the schema by this comment in the first line."""


def init(
    ctx: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR",
            parser=usage(parse_path),
            help="Folder to write; new or empty.",
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        str,
        typer.Option(
            "--from", metavar="SITE", help="What to start from: a shipped instance or a site file."
        ),
    ] = "@tutorial/one-engine",
    show_list: Annotated[
        bool, typer.Option("--list", help="List the shipped instances and write nothing.")
    ] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Write a starter site into DIR: site file, series, and a schema for editors."""
    terminal = terminal_of(ctx, quiet=quiet, verbose=verbose)
    if show_list:
        from optmix.report.listings import instance_rows, instance_table

        terminal.result(instance_table(instance_rows()))
        return
    if folder is None:
        raise typer.BadParameter("name a folder to write, or use --list", param_hint="DIR")
    _require_empty(folder)
    site_path = _copy(source, folder)
    terminal.info(f"Edit {site_path}, then: optmix solve {site_path} -o OUT")
    terminal.text(f"{site_path}\n")


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "the folder is not empty" if folder.is_dir() else "this is a file"
        raise InputError(Problem(what, str(folder), "a folder that is new or empty"))


def _copy(source: str, folder: Path) -> Path:
    """Copy a site with its series, and put the schema beside it; return the new site file."""
    from optmix.data.fingerprint import site_files
    from optmix.schema.export import site_json_schema
    from optmix.schema.load import load_site

    site = load_site(source)
    original = _file_of(site)
    files = site_files(site)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, path in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        readme = original.with_name("README.md")
        if readme.is_file():
            shutil.copyfile(readme, folder / readme.name)
        schema = json.dumps(site_json_schema(), indent=2, ensure_ascii=False)
        (folder / SCHEMA_FILE).write_text(schema + "\n", encoding="utf-8")
        text = original.read_text(encoding="utf-8-sig")
        target = folder / SITE_FILE
        target.write_text(
            text if text.startswith("#:schema") else SCHEMA_LINE + text, encoding="utf-8"
        )
    except OSError as error:
        problem = Problem(f"cannot be written: {error.strerror}", str(error.filename or folder))
        raise InputError(problem) from error
    return target


def _file_of(site: Site) -> Path:
    path = site.origin.path
    if path is None or path.suffix.lower() == ".json":
        where = str(path or site.name)
        raise InputError(Problem("only a site in TOML can be a start", where, "a TOML file"))
    return path
