"""Signals for projects that want to know, or that keep something about visitors themselves.

The first two, and ``link_waiting``, are sent after commit; a receiver's failure is logged and changes nothing. The two about
a visitor's data are sent while it is exported or erased, and a receiver's failure stops that: half of it would be a lie.
"""

from __future__ import annotations

from django.dispatch import Signal

conversation_started = Signal()
"""Arguments: ``conversation_id`` (primary key)."""

conversation_ended = Signal()
"""Arguments: ``conversation_id`` (primary key)."""

link_waiting = Signal()
"""Somebody asked for their own data, and a link has to be mailed. Arguments: ``link_id`` (primary key of PrivacyLink)."""

exporting_visitors = Signal()
"""Arguments: ``visitor_ids`` (primary keys). A receiver returns what it keeps about them, as a dict of JSON values, or None."""

erasing_visitors = Signal()
"""Arguments: ``visitor_ids``, ``conversation_ids`` (primary keys). Sent in the transaction that erases them, before their rows go.

A receiver deletes what it keeps about them; files it deletes on commit."""

letters_waiting = Signal()
"""Letters wait to be sent, and their time has come. Whoever sends them hears of it; no arguments."""
