"""Every string that the desk and the presence client show, translated on the server and given to them as data.

The TypeScript has no strings of its own. Placeholders are ``{name}``; nothing here counts in words, because the
plural forms of the client's language would have to travel as well.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def offer_texts() -> dict[str, str]:
    """What the offer popover says, on the desk and on every other page of the admin."""
    return {
        "offers": _("Offered conversations"),
        "offer_new": _("New conversation"),
        "offer_transfer": _("{name} hands a conversation over to you"),
        "offer_conference": _("{name} asks you to join a conversation"),
        "offer_from": _("{visitor}, on {page}"),
        "offer_proactive": _("Began with an auto-message"),
        "offer_taken": _("{name} was first."),
        "offer_gone": _("This conversation is no longer on offer."),
        "offer_ended": _("The visitor left before you could take it."),
        "accept": pgettext("an offered conversation", "Accept"),
        "decline": pgettext("an offered conversation", "Decline"),
        "dismiss": _("Dismiss"),
        "more_offers": _("More that wait: {count}"),
        "visitor": _("Visitor"),
        "anonymous": _("Visitor {case}"),
        "page": _("Page"),
        "page_unknown": _("Page not known"),
        "language": _("Language"),
        "department": _("Department"),
        "earlier": _("Earlier conversations"),
        "came": pgettext("when a conversation came in", "Came in"),
        "waiting_for": _("Waiting for {time}"),
        "deadline": _("Answer within {time}"),
        "notify_offer": _("New conversation: {visitor}"),
        "notify_message": _("Message from {visitor}"),
        "failed": _("That did not work: {reason}"),
        "failed_line": _("No connection to the server. Try again in a moment."),
    }


def presence_texts() -> dict[str, str]:
    return {**offer_texts(), "count": _("Live chat: needs you {count}")}


def system_texts() -> dict[str, str]:
    """The timeline's system lines: ``system_<event>`` and, where it matters, ``system_<event>_<by>``."""
    return {
        "system_joined": _("{name} joined the conversation"),
        "system_left": _("{name} left the conversation"),
        "system_requeued": _("{name} is gone; the conversation waits for somebody else"),
        "system_transferred": _("{name} handed the conversation over"),
        "system_ended": _("The conversation ended"),
        "system_ended_visitor": _("The visitor ended the conversation"),
        "system_ended_operator": _("{name} ended the conversation"),
        "system_ended_system": _("The conversation was ended by the system"),
        "system_ended_idle": _("The conversation was ended because nothing was said for a long time"),
        "system_ended_left": _("The visitor left; the conversation was ended"),
        "system_left_address": _("Nobody had answered: the visitor left an e-mail address"),
        "system_reopened": _("The visitor came back to the conversation"),
        "system_other": _("Event: {event}"),
    }


def desk_texts() -> dict[str, str]:
    return {
        **offer_texts(),
        **system_texts(),
        "title": _("Live chat desk"),
        # Status
        "status": _("Your status"),
        "status_available": pgettext("an operator's status", "Available"),
        "status_away": pgettext("an operator's status", "Away"),
        "status_offline": pgettext("an operator's status", "Offline"),
        "status_rona": pgettext("an operator's status", "Did not answer"),
        "status_available_help": _("New conversations are offered to you"),
        "status_away_help": _("You keep yours, nothing new is offered"),
        "status_offline_help": _("Visitors see you as gone"),
        "status_rona_help": _("An offer was not answered. Choose Available to go on."),
        "load": _("{load} of {capacity}"),
        "load_help": _("Open conversations, of those you take at once"),
        # Connection
        "line_connecting": _("Connecting…"),
        "line_online": _("Connected"),
        "line_offline": _("No connection. Trying again…"),
        "line_offline_kept": _("No connection. What you write is kept and sent as soon as the line is back."),
        "line_closed": _("Disconnected"),
        "line_reload": _("Reload the page"),
        "line_version": _("The desk was updated on the server. Reload the page to go on."),
        "line_unauthorised": _("You are logged out, or may no longer answer here."),
        "line_login": _("Log in again"),
        # Sound, notifications, keys
        "sound_on": _("Sound is on. Switch it off"),
        "sound_off": _("Sound is off. Switch it on"),
        "notify_on": _("Desktop notifications are on. Switch them off"),
        "notify_off": _("Desktop notifications are off. Switch them on"),
        "notify_denied": _("Your browser blocks notifications from this site. Allow them in its settings first."),
        "keys": _("Keyboard shortcuts"),
        "keys_on": _("Use single keys as shortcuts"),
        "key_next": _("Next conversation"),
        "key_previous": _("Previous conversation"),
        "key_accept": _("Accept the conversation that waits longest, or the one on the screen"),
        "key_reply": _("Write a reply"),
        "key_note": _("Write an internal note"),
        "key_end": _("End the conversation"),
        "key_keys": _("This list"),
        "key_escape": _("Leave the text field, close what is open"),
        "key_send": _("Send"),
        "key_break": _("New line"),
        "close": _("Close"),
        # Lists
        "lists": _("Conversations"),
        "list_waiting": _("Waiting"),
        "list_mine": pgettext("my conversations", "Mine"),
        "list_others": pgettext("colleagues' conversations", "Others’"),
        "list_ended": _("Ended"),
        "none_waiting": _("Nobody is waiting"),
        "none_mine": _("You have no conversation"),
        "needs_reply": _("Waits for your answer"),
        "unread": _("Unread: {count}"),
        "with": _("With {names}"),
        "you": pgettext("before a message's preview", "You"),
        "waited": _("waiting {time}"),
        "no_text": _("No message yet"),
        # Conversation
        "conversation": _("Conversation"),
        "choose": _("Choose a conversation"),
        "choose_help": _("New ones appear on the left, and in the corner of every page of the admin."),
        "quiet": _("All quiet"),
        "quiet_help": _("Nobody is waiting. When a visitor writes, you will see and hear it."),
        "quiet_away": _("You are not available, so nothing is offered to you."),
        "go_available": _("Become available"),
        "back": _("Back to the list"),
        "case": _("Case {number}"),
        "details": _("Details"),
        "timeline": _("Messages"),
        "older": _("Show earlier messages"),
        "older_loading": _("Loading earlier messages…"),
        "beginning": _("Here the conversation began"),
        "loading": _("Loading…"),
        "new_below": _("New messages below"),
        "jump": _("Go to the newest message"),
        "typing": _("{name} is writing…"),
        "note": _("Internal note"),
        "note_by": _("Internal note by {name}"),
        "sending": _("Sending…"),
        "waiting_line": _("Will be sent when the line is back"),
        "sent": pgettext("a message's state", "Sent"),
        "delivered": pgettext("a message's state", "Delivered"),
        "seen": pgettext("a message's state", "Seen"),
        "refused": _("Not sent: {reason}"),
        "retry": _("Try again"),
        "discard": _("Discard"),
        "edit": _("Edit"),
        "bot": _("Assistant"),
        "system": _("System"),
        "said": _("{name}: {text}"),
        # Composer
        "reply": _("Reply"),
        "write_reply": _("Write a reply to {name}"),
        "write_note": _("Write a note that only your colleagues see"),
        "send": _("Send"),
        "save_note": _("Save note"),
        "hint": _("Enter sends, Shift+Enter makes a new line"),
        "left": _("Characters left: {count}"),
        "over": _("Too long by {count}"),
        "read_only": _("{names} has this conversation. You are reading along."),
        "read_only_queue": _("This conversation waits for somebody."),
        "offline_case": _("Left while nobody was there. It waits for an answer by e-mail."),
        "offline_done": _("Mark as dealt with"),
        "ended_by_visitor": _("The visitor ended the conversation"),
        "ended_by_operator": _("The conversation was ended by the operator"),
        "ended_by_system": _("The conversation was ended by the system"),
        "put_away": _("Remove from the list"),
        "record": _("Open the record"),
        "end": pgettext("a conversation", "End"),
        "end_question": _("End the conversation with {name}?"),
        "end_help": _("Both sides are told. The record stays under Conversations."),
        "end_yes": _("End conversation"),
        "cancel": _("Cancel"),
        # Visitor panel
        "panel": _("Visitor"),
        "name": _("Name"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "reference": _("Reference number"),
        "browser": _("Browser"),
        "site": _("Site"),
        "first_page": _("Page where it began"),
        "address": _("Address"),
        "online": _("On the site now"),
        "away_now": _("Not on the site now"),
        "started": _("Started"),
        "answered_after": _("Answered after"),
        "conversations": _("Conversations so far"),
        "first_one": _("First conversation"),
        "taking_part": _("Taking part"),
        "nobody": _("Nobody yet"),
        "proactive": _("Began with an auto-message"),
        "not_given": _("Not given"),
        "duration": _("Duration"),
    }


def system_line(event: str, data: dict[str, Any], name: str, texts: dict[str, str] | None = None) -> str:
    """The words for a system entry. The client has the same rule: the most special text that there is."""
    texts = texts or system_texts()
    for key in (f"system_{event}_{data.get('reason')}", f"system_{event}_{data.get('by')}", f"system_{event}"):
        if key in texts:
            return texts[key].replace("{name}", name)
    return texts["system_other"].replace("{event}", event)
