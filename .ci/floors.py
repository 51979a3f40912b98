"""Print the lowest versions that pyproject.toml allows, as pip's constraints."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
for requirement in project["dependencies"]:
    sys.stdout.write(requirement.replace(">=", "==") + "\n")
