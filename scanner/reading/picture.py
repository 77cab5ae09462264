"""Pictures as arrays: the types every file here speaks of."""

from typing import Any

import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
"""Rows by columns, 0 black to 255 white."""

Picture = npt.NDArray[np.uint8]
"""Grey, or rows by columns by blue, green, red."""

Floats = npt.NDArray[np.floating[Any]]
