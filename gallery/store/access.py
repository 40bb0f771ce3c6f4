"""What there is and may be written, by the rights that this program has now; without an exception for each no."""

import os
from pathlib import Path

_EFFECTIVE = os.access in os.supports_effective_ids  # a program may run with other rights than its user's


def is_there(path: str) -> bool:
    """Whether something stands at the path, as far as this program may look; of a link, where it leads.

    Half the time of `os.path.exists`, which makes an exception where there is nothing.
    """
    return os.access(path, os.F_OK, effective_ids=_EFFECTIVE)


def may_write(path: Path) -> bool:
    """Whether this program may change the file, or make files in the folder."""
    return os.access(path, os.W_OK, effective_ids=_EFFECTIVE)
