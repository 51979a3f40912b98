"""Bad series: not there, outside the folder, with wrong rows."""

from pathlib import Path

from bad_input.kit import (
    GOOD_SERIES,
    GOOD_WEATHER,
    BadInput,
    changed,
    demand_csv,
    row,
    series,
    series_bytes,
    text,
)


def missing_series(folder: Path) -> Path:
    return text(GOOD_SERIES)(folder)


def series_is_a_folder(folder: Path) -> Path:
    (folder / "demand.csv").mkdir()
    return text(GOOD_SERIES)(folder)


def link_out_of_the_folder(folder: Path) -> Path:
    inner = folder / "site"
    inner.mkdir()
    (folder / "elsewhere.csv").write_text("\n".join(demand_csv()))
    (inner / "demand.csv").symlink_to(folder / "elsewhere.csv")
    return text(GOOD_SERIES)(inner)


def link_to_itself(folder: Path) -> Path:
    (folder / "demand.csv").symlink_to(folder / "demand.csv")
    return text(GOOD_SERIES)(folder)


TIME_SERIES: tuple[BadInput, ...] = (
    BadInput(
        "missing-series",
        missing_series,
        '"demand.csv" does not exist',
        "site.toml:16",
        "existing",
        stage="data",
    ),
    BadInput(
        "series-is-a-folder",
        series_is_a_folder,
        '"demand.csv" is a folder',
        "site.toml:16",
        "existing",
        stage="data",
    ),
    BadInput(
        "path-out-of-the-folder",
        changed("demand.csv", "../demand.csv", GOOD_SERIES),
        "leads out of the folder",
        "site.toml:16",
        "in the folder",
        "--set",
        stage="data",
    ),
    BadInput(
        "absolute-path",
        changed("demand.csv", "/etc/hosts", GOOD_SERIES),
        "leads out of the folder",
        "site.toml:16",
        "in the folder",
        "--set",
        stage="data",
    ),
    BadInput(
        "link-out-of-the-folder",
        link_out_of_the_folder,
        "leads out of the folder",
        "site.toml:16",
        "in the folder",
        "--set",
        stage="data",
    ),
    BadInput("link-to-itself", link_to_itself, "demand.csv", "site.toml:16", stage="data"),
    BadInput(
        "wrong-column",
        changed("demand_mw", "demnd_mw", GOOD_SERIES),
        "demand.csv",
        "site.toml:16",
        stage="data",
    ),
    BadInput("series-empty", series_bytes(b""), "empty", "demand.csv", stage="data"),
    BadInput(
        "series-without-rows", series("time,demand_mw"), "no rows", "demand.csv", stage="data"
    ),
    BadInput(
        "series-not-utf-8", series_bytes(b"\xff\xfe\x00time"), "UTF-8", "demand.csv", stage="data"
    ),
    BadInput(
        "series-nan", row(5, "2025-07-01T03:00:00,nan,30"), "", "demand.csv:row 5", stage="data"
    ),
    BadInput(
        "series-blank", row(5, "2025-07-01T03:00:00,,30"), "blank", "demand.csv:row 5", stage="data"
    ),
    BadInput(
        "series-text",
        row(5, "2025-07-01T03:00:00,twenty,30"),
        "twenty",
        "demand.csv:row 5",
        stage="data",
    ),
    BadInput(
        "series-negative",
        row(5, "2025-07-01T03:00:00,-20,30"),
        "-20",
        "demand.csv:row 5",
        stage="data",
    ),
    BadInput(
        "series-1e308",
        row(5, "2025-07-01T03:00:00,1e308,30"),
        "1e308",
        "demand.csv:row 5",
        stage="data",
    ),
    BadInput(
        "stamp-twice",
        row(5, "2025-07-01T02:00:00,20,30"),
        "2025-07-01T02:00:00",
        "demand.csv:row 5",
        stage="data",
    ),
    BadInput(
        "stamp-no-time", row(5, "yesterday,20,30"), "yesterday", "demand.csv:row 5", stage="data"
    ),
    BadInput(
        "stamp-missing",
        series(*(r for n, r in enumerate(demand_csv()) if n != 5)),
        "no value for",
        "demand.csv",
        stage="data",
    ),
    BadInput(
        "series-too-short", series(*demand_csv(20)), "no value for", "demand.csv", stage="data"
    ),
    BadInput(
        "temperature-of-a-furnace",
        row(5, "2025-07-01T03:00:00,20,1200", GOOD_WEATHER),
        "1200",
        "demand.csv:row 5",
        "degC",
        stage="data",
    ),
)
