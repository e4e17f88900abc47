"""Derives the constants of a system config from microbenchmark items: one module per unit of the chip.

To add a constant: a function with @constant in the module of its unit, and the item's id in the config's source text.
"""

from . import cuda_cores, hbm, l2, launch, nvlink, power, sm, smem, sync, tensor, tma  # noqa: F401  (each registers its constants)
from .constant import CONSTANTS  # noqa: F401
