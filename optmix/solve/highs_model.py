"""Pass a `LinearProgram` to HiGHS, as a model in memory or as a file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import highspy

from optmix.errors import InputError, Problem, SchemaError, SolverError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optmix.solve.linear_program import LinearProgram

__all__ = ["OptionValue", "apply_options", "check_options", "new_highs", "to_highs", "write_model"]

OptionValue = bool | int | float | str
"""What an option of a solver may be set to."""

FILE_SUFFIXES = (".mps", ".lp")

# The LP format reads these words as its own, whatever the case.
_LP_WORDS = re.compile(
    r"bin|binar(y|ies)|bounds?|end|free|gen|generals?|inf|infinity|int|integers?|max|min|"
    r"(max|min)imi[sz]e|(max|min)imum|obj|sec|semi|semi-continuous|sin|sos|st|s\.t\.|st\.|such|"
    r"subject|subjectto|that|to",
    re.IGNORECASE,
)
_LP_FORBIDDEN = re.compile(r"[^A-Za-z0-9_.,()!#$%&/;?@{}~|']")
_LP_FORBIDDEN_FIRST = re.compile(r"^[0-9.]")


def new_highs() -> highspy.Highs:
    """Return a silent HiGHS without a model."""
    highs: highspy.Highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    return highs


def to_highs(
    program: LinearProgram,
    *,
    column_names: Sequence[str] | None = None,
    row_names: Sequence[str] | None = None,
) -> highspy.HighsLp:
    """Turn a program into HiGHS's own type; names cost time and are left out unless given."""
    lp = highspy.HighsLp()
    lp.num_col_ = program.n_columns
    lp.num_row_ = program.n_rows
    lp.sense_ = highspy.ObjSense.kMaximize if program.maximize else highspy.ObjSense.kMinimize
    lp.offset_ = program.offset
    lp.col_cost_ = program.cost
    lp.col_lower_ = program.col_lower
    lp.col_upper_ = program.col_upper
    lp.row_lower_ = program.row_lower
    lp.row_upper_ = program.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = program.start
    lp.a_matrix_.index_ = program.index
    lp.a_matrix_.value_ = program.value
    if program.is_integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[is_integer] for is_integer in program.is_integer.tolist()]
    if column_names is not None:
        lp.col_names_ = list(column_names)
    if row_names is not None:
        lp.row_names_ = list(row_names)
    return lp


def check_options(options: Mapping[str, OptionValue], *, where: str) -> None:
    """Refuse options that HiGHS does not know, before any work is done; see `apply_options`."""
    apply_options(new_highs(), options, where=where)


def apply_options(
    highs: highspy.Highs, options: Mapping[str, OptionValue], *, where: str = ""
) -> None:
    """Set options, and refuse what HiGHS does not know.

    Parameters
    ----------
    highs
        The instance to set them on.
    options
        Values by HiGHS's own names.
    where
        Where the options are written, for the message.

    Raises
    ------
    SchemaError
        HiGHS has no option of that name, or refuses its value; all such options are named.
    """
    problems = []
    for name, value in options.items():
        place = f"{where}.{name}" if where else name
        if highs.getOptionType(name)[0] != highspy.HighsStatus.kOk:
            what = f"HiGHS has no option {name}"
            hint = did_you_mean(name, dir(highs.getOptions()))
            problems.append(Problem(what, place, "an option of HiGHS", hint))
        elif highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            what = f"HiGHS refuses {value!r} for {name}"
            problems.append(Problem(what, place, hint="see the option's range in HiGHS's manual"))
    if problems:
        raise SchemaError(problems)


def write_model(
    program: LinearProgram,
    path: str | Path,
    *,
    column_names: Sequence[str] | None = None,
    row_names: Sequence[str] | None = None,
) -> None:
    """Write a program to an ``.mps`` or ``.lp`` file; see `LinearProgram.write`."""
    file = Path(path)
    if file.suffix not in FILE_SUFFIXES:
        what = f"cannot write a model as {file.suffix or 'a file without suffix'}"
        raise InputError(Problem(what, str(path), allowed=" or ".join(FILE_SUFFIXES)))
    highs = new_highs()
    highs.passModel(
        to_highs(
            program,
            column_names=None if column_names is None else _file_names(column_names),
            row_names=None if row_names is None else _file_names(row_names),
        )
    )
    # Without names HiGHS makes its own and says so by a warning, so only an error counts.
    if highs.writeModel(str(file)) == highspy.HighsStatus.kError:
        raise SolverError(f"HiGHS cannot write {path}; is the folder there, and writable?")


def _file_names(names: Sequence[str]) -> list[str]:
    """Make names that both file formats accept and that stay distinct.

    One name that a format forbids makes HiGHS drop all of them, so Pyomo's ``on[3]`` becomes
    ``on(3)`` and other foreign characters become underscores.
    """
    taken: set[str] = set()
    result = []
    for name in names:
        text = _LP_FORBIDDEN.sub("_", name.replace("[", "(").replace("]", ")"))
        if not text or _LP_WORDS.fullmatch(text) or _LP_FORBIDDEN_FIRST.match(text):
            text = f"_{text}"
        unique, count = text, 1
        while unique in taken:
            count += 1
            unique = f"{text}#{count}"
        taken.add(unique)
        result.append(unique)
    return result
