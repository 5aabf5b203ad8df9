"""Lets Python's cyclic garbage collector rest while an analysis builds what it keeps."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Run a block without cyclic collection, and leave the collector as it was found.

    Facts, values and nodes are millions of objects that hold no cycles and live to the end of a run, so that each
    collection walks all of them and frees nothing; reference counts free the rest.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
