"""Personal numbers in free text: where they are, why they are taken for such, and the text without them.

Pure: text and rules in, text out. The finders are ours, since what people type is split, spaced and mixed with other
numbers; whether a candidate is valid is asked of python-stdnum and phonenumbers. Every finder looks at a bounded stretch
from each place where something may begin, so the time is linear in the length of the text, whoever wrote it.
"""

from __future__ import annotations

from .finding import Found, Miss, find, misses
from .rules import KINDS, Kind, Rules
from .showing import mask, mask_address, mask_detail, mask_found

__all__ = [
    "KINDS",
    "Found",
    "Kind",
    "Miss",
    "Rules",
    "find",
    "mask",
    "mask_address",
    "mask_detail",
    "mask_found",
    "misses",
]
