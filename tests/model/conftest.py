"""Make `cases`, `programs` and `rescale` importable by the tests beside them."""

import sys
from pathlib import Path

# Tests are collected by path and are no packages, so what they share is found by path too.
sys.path.insert(0, str(Path(__file__).parent))
