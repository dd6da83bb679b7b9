"""Signals for projects that want to know. Sent after commit; a receiver's failure is logged and changes nothing."""

from __future__ import annotations

from django.dispatch import Signal

conversation_started = Signal()
"""Arguments: ``conversation_id`` (primary key)."""

conversation_ended = Signal()
"""Arguments: ``conversation_id`` (primary key)."""

letters_waiting = Signal()
"""Letters wait to be sent, and their time has come. Whoever sends them hears of it; no arguments."""
