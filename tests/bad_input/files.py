"""Bad files: not there, not text, not TOML, of another version."""

import json
import os
from pathlib import Path

from bad_input.kit import GOOD, BadInput, added, changed, text


def missing(folder: Path) -> Path:
    (folder / "site.toml").write_text(GOOD)
    return folder / "sight.toml"


def folder_without_site(folder: Path) -> Path:
    (folder / "campus.toml").write_text(GOOD)
    return folder


def folder_named_like_a_site(folder: Path) -> Path:
    (folder / "site.toml").mkdir()
    return folder


def unreadable_kind(folder: Path) -> Path:
    os.mkfifo(folder / "site.toml")
    return folder / "site.toml"


FILES: tuple[BadInput, ...] = (
    BadInput("missing-file", missing, "no such file", "sight.toml", "TOML or JSON", "site.toml"),
    BadInput(
        "folder-without-site", folder_without_site, "no site.toml", hint="campus.toml", where=""
    ),
    BadInput(
        "folder-instead-of-file", folder_named_like_a_site, "a folder", allowed="TOML or JSON file"
    ),
    BadInput(
        "pipe-instead-of-file", unreadable_kind, "not a regular file", allowed="TOML or JSON file"
    ),
    BadInput(
        "name-too-long",
        lambda folder: folder / ("x" * 5000 + ".toml"),
        "cannot be read",
        "xxx…",
        "readable",
    ),
    BadInput("null-in-name", lambda folder: folder / "a\0b.toml", "null byte", "", "readable"),
    BadInput(
        "unknown-instance",
        lambda _: Path("@tutorial/one-engin"),
        "no instance",
        "@tutorial",
        "optmix list instances",
        "@tutorial/one-engine",
    ),
    BadInput("empty", text(""), "empty", allowed="TOML 1.0", hint="optmix init"),
    BadInput("only-blank", text("\n  \n\t\n"), "empty", allowed="TOML 1.0"),
    BadInput(
        "not-utf-8",
        text(GOOD.replace("good", "Süd").encode("latin-1")),
        "0xfc is not UTF-8",
        "site.toml:2",
        "UTF-8",
        "save it again",
    ),
    BadInput("utf-16", text(GOOD.encode("utf-16")), "not UTF-8", "site.toml:1", "UTF-8", "UTF-16"),
    BadInput("binary", text(bytes(range(256))), "not UTF-8", "site.toml", "UTF-8"),
    BadInput("huge", text("# " + "x" * 5_000_000), "5.0 MB", allowed="at most 5 MB", hint="series"),
    BadInput("deeply-nested", text(f"a = {'[' * 9999}{']' * 9999}"), "nested too deeply"),
    BadInput(
        "number-of-5000-digits", changed("= 872", f"= {'9' * 5000}"), "5000 digits", hint="digits"
    ),
    BadInput(
        "value-without-quotes",
        changed('"flat"', "flat"),
        "not valid TOML",
        "site.toml:16:11",
        "TOML 1.0",
        "text needs quotes",
    ),
    BadInput(
        "value-with-unit",
        changed("= 872", "= 872 m"),
        "not valid TOML",
        "site.toml:7",
        "TOML 1.0",
        "without unit",
    ),
    BadInput(
        "key-twice",
        changed("wacc = 0.09", "wacc = 0.09\nwacc = 0.1"),
        "not valid TOML",
        "site.toml:10",
        "TOML 1.0",
        "the same key stands twice",
    ),
    BadInput(
        "table-twice",
        added("[grid]\n"),
        "not valid TOML",
        "site.toml:34",
        hint="table stands twice",
    ),
    BadInput(
        "open-bracket",
        added("[maintenance]\nblackout_weeks = [1, 2\n"),
        "not valid TOML",
        "site.toml:35",
        hint="closing bracket",
    ),
    BadInput("open-quote", changed('"good"', '"good'), "not valid TOML", "site.toml:2"),
    BadInput(
        "json-trailing-comma",
        text('{"schema_version": 1,}', "site.json"),
        "not valid JSON",
        "site.json:1",
        "UTF-8",
        "no comma after the last",
    ),
    BadInput(
        "json-key-twice",
        text('{"name": "a",\n"name": "b"}', "site.json"),
        '"name" stands twice',
        "site.json",
    ),
    BadInput("json-nan", text('{"x": NaN}', "site.json"), "NaN is not a JSON number", "site.json"),
    BadInput(
        "json-list", text("[1, 2]", "site.json"), "list stands at the top", "site.json", "a table"
    ),
    BadInput(
        "json-surrogate",
        text(json.dumps({"schema_version": 1, "name": "\ud800"}), "site.json"),
        "half a character",
        "site.json",
        "UTF-8",
    ),
    BadInput(
        "no-version", changed("schema_version = 1\n", ""), "schema_version is missing", allowed="1"
    ),
    BadInput(
        "newer-version",
        changed("version = 1", "version = 2"),
        "newer optmix",
        "site.toml:1",
        "schema_version = 1",
        "pip install --upgrade",
    ),
    BadInput(
        "older-version",
        changed("version = 1", "version = 0"),
        "too old",
        "site.toml:1",
        "schema_version = 1",
    ),
    BadInput(
        "version-as-text",
        changed("version = 1", 'version = "1"'),
        "not a whole number",
        "site.toml:1",
        "schema_version = 1",
    ),
    BadInput(
        "version-as-truth",
        changed("version = 1", "version = true"),
        "not a whole number",
        "site.toml:1",
        "schema_version = 1",
    ),
)
