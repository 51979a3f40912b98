"""The kinds of arrays that the numbers of a site are held in."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "Ints", "Stamps"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Stamps = NDArray[np.datetime64]
