"""Take the picture of the README anew: solve a site, and look at its report in a headless Chromium.

``python docs/picture.py`` from the root of the project; needs Chromium.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PICTURE = Path(__file__).with_name("_static") / "report.png"
SITE = ("@texas/grid-300mw-fortnight", "--set", "time.hours=48", "--gap", "1%")
WIDTH, HEIGHT = 1280, 1520
SHOWN = "<style>#costs, #answer > p:not(.status) { display: none; }</style></head>"
"""Answer and operation go onto one picture if what stands between them is left out."""


def main() -> None:
    """Write the picture, and say where it is."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        sys.exit("no Chromium: apt install chromium")
    with tempfile.TemporaryDirectory() as work:
        out = Path(work) / "out"
        solve = [sys.executable, "-m", "optmix", "solve", *SITE, "-o", str(out), "-q"]
        subprocess.run(solve, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - optmix itself
        page = out / "report.html"
        text = page.read_text(encoding="utf-8").replace("</head>", SHOWN, 1)
        page.write_text(text, encoding="utf-8")
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        options += [f"--user-data-dir={work}/profile", f"--window-size={WIDTH},{HEIGHT}"]
        options += ["--virtual-time-budget=20000", f"--screenshot={PICTURE}"]
        look = [browser, *options, page.as_uri()]
        subprocess.run(look, check=True, capture_output=True)  # noqa: S603 - the browser
    sys.stdout.write(f"{PICTURE}\n")


if __name__ == "__main__":
    main()
