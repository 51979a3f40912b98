"""Draw the pages of the command line, of the site file and of exit codes from the code."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from typer.main import get_command

from optmix import errors
from optmix.schema.describe import describe, tables_of
from optmix.schema.export import site_json_schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx


def commands() -> str:
    """Return a section for each command with its options, in Markdown."""
    from optmix.cli.app import app

    group: Any = get_command(app)
    return "\n\n".join(_command(name, command) for name, command in group.commands.items())


def _command(name: str, command: Any) -> str:
    rows = []
    for option in command.params:
        written = ", ".join(option.opts) if option.param_type_name == "option" else ""
        metavar = option.metavar or ("" if getattr(option, "is_flag", False) else option.name)
        shown = " ".join(filter(None, (written, metavar)))
        rows.append((f"`{shown}`", _line(getattr(option, "help", "") or "")))
    text = inspect.cleandoc(command.help or "")
    return f"## optmix {name}\n\n{text}\n\n{_table(('Option', 'Meaning'), rows)}"


def fields() -> str:
    """Return a table of the fields of each table of the site file, in Markdown."""
    root = site_json_schema()
    parts = []
    seen = set()
    for header, given in tables_of(root, root, ""):
        if header in seen:
            continue
        seen.add(header)
        rows = [
            (
                f"`{name}`",
                _line(describe(root, field)),
                str(field.get("x-unit", "")),
                "" if "default" not in field else f"`{field['default']}`",
                _line(field.get("description", "")),
            )
            for name, field in given.items()
        ]
        title = f"`{header}`" if header else "The top of the file"
        head = ("Field", "May be", "Unit", "Default", "Meaning")
        parts.append(f"## {title}\n\n{_table(head, rows)}")
    return "\n\n".join(parts)


def exit_codes() -> str:
    """Return a table of exit codes, in Markdown."""
    rows = [("0", "done: a verified plan, or the answer of another command")]
    rows += [("1", "a bug"), ("2", "the command line is not understood")]
    found = {
        error.exit_code: error
        for error in reversed(list(vars(errors).values()))
        if isinstance(error, type) and issubclass(error, errors.OptmixError)
    }
    for code in sorted(set(found) - {1, 2}):
        error = found[code]
        first = (inspect.getdoc(error) or "").splitlines()[0]
        rows.append((str(code), f"`{error.__name__}`: {_line(first)}"))
    rows.append(("130", "interrupted; the best plan so far is written"))
    return "## Exit codes\n\n" + _table(("Code", "Means"), rows)


def _line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("``", "`").replace("$", "\\$")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


PAGES = {"reference/cli": commands, "reference/site": fields, "reference/errors": exit_codes}


def add_to_page(_app: Sphinx, docname: str, source: list[str]) -> None:
    """Add what the code says to its page as Sphinx reads it."""
    if docname in PAGES:
        source[0] += f"\n\n{PAGES[docname]()}\n"


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("source-read", add_to_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
