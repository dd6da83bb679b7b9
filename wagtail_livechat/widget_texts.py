"""Every sentence of the widget. The client has none of its own: it is given these, in the visitor's language."""

from __future__ import annotations

from django.utils.translation import pgettext


def texts() -> dict[str, str]:
    """Key -> sentence in the active language. Words in braces are filled in by the client."""
    return {
        # Translators: Name of the chat window for screen readers.
        "dialog": pgettext("widget", "Chat with {company}"),
        # Translators: Names is one operator or several, joined with commas. For screen readers.
        "operators": pgettext("widget", "You are chatting with {names}"),
        # Translators: Button. The conversation goes on.
        "minimise": pgettext("widget", "Minimise the chat"),
        # Translators: Button that opens a menu in the chat's header.
        "menu": pgettext("widget", "Menu"),
        # Translators: Someone is here to answer.
        "state_online": pgettext("widget", "Online"),
        # Translators: Everyone who could answer is in other conversations.
        "state_busy": pgettext("widget", "Busy"),
        # Translators: Nobody is here to answer right now.
        "state_offline": pgettext("widget", "Offline"),
        # Translators: Shown before the first message.
        "busy_note": pgettext("widget", "Everyone is busy right now. Write anyway: you get a place in line."),
        # Translators: Shown before and after a message is written while the chat is offline.
        "offline_note": pgettext(
            "widget", "Nobody is here right now. Your message is kept, and answered here as soon as someone is back."
        ),
        # Translators: When is a weekday with a time, or a date with a time.
        "closed_until": pgettext("widget", "Closed right now. We open again: {when}"),
        # Translators: Under the opening hours, for a visitor in another time zone. Zone is a name such as Europe/Stockholm.
        "hours_zone": pgettext("widget", "Times in {zone}"),
        # Translators: While the visitor waits for an operator.
        "position": pgettext("widget", "You are number {position} in line"),
        # Translators: While the visitor waits for an operator.
        "position_next": pgettext("widget", "You are next in line"),
        # Translators: While the visitor waits and the place in line is not known.
        "waiting": pgettext("widget", "Waiting for someone to answer"),
        # Translators: State of the connection.
        "connecting": pgettext("widget", "Connecting …"),
        # Translators: State of the connection.
        "reconnecting": pgettext("widget", "Connection lost. Trying again …"),
        # Translators: State of the connection.
        "reconnecting_in": pgettext("widget", "Connection lost. Trying again in {seconds} s"),
        # Translators: The visitor's device has no network.
        "no_network": pgettext("widget", "You are offline. What you write is sent when you are back."),
        # Translators: The page is older than the server.
        "stopped_version": pgettext("widget", "The chat has been updated. Please reload the page."),
        # Translators: The site has switched the chat off, or does not let this visitor in.
        "stopped_closed": pgettext("widget", "The chat is closed."),
        # Translators: A fault that does not pass by itself.
        "stopped_other": pgettext("widget", "The chat cannot be reached. Please reload the page."),
        # Translators: Button: reloads the page.
        "reload": pgettext("widget", "Reload"),
        # Translators: Name of the list of messages for screen readers.
        "log": pgettext("widget", "Messages"),
        # Translators: Button above the oldest message.
        "earlier": pgettext("widget", "Show earlier messages"),
        # Translators: The visitor, as author of a message. For screen readers.
        "you": pgettext("widget", "You"),
        # Translators: A message that has not reached the server.
        "sending": pgettext("widget", "Sending"),
        # Translators: A message that the server has stored.
        "sent": pgettext("widget", "Sent"),
        # Translators: A message that is on an operator's screen.
        "delivered": pgettext("widget", "Delivered"),
        # Translators: A message that an operator has looked at.
        "seen": pgettext("widget", "Seen"),
        # Translators: A message that the server refused; a reason follows.
        "not_sent": pgettext("widget", "Not sent"),
        # Translators: Button at a message that was not sent.
        "try_again": pgettext("widget", "Try again"),
        # Translators: Button at a message that was not sent: the text goes back into the field.
        "edit": pgettext("widget", "Edit"),
        # Translators: Button at a message that was not sent: the text is thrown away.
        "discard": pgettext("widget", "Delete"),
        # Translators: For screen readers; sighted visitors see three dots.
        "typing": pgettext("widget", "{name} is typing"),
        # Translators: An operator has accepted the conversation.
        "event_joined": pgettext("widget", "{name} joined the chat"),
        # Translators: An operator has left the conversation.
        "event_left": pgettext("widget", "{name} left the chat"),
        # Translators: System line. To is a colleague or a department; somebody there has to say yes.
        "event_transferring": pgettext("widget", "{name} is handing the chat over to {to}"),
        # Translators: System line. Name is the new operator.
        "event_transferred": pgettext("widget", "{name} has taken over the chat"),
        # Translators: System line. The colleague declined, did not answer, or was no longer needed.
        "event_transfer_failed": pgettext("widget", "The chat was not handed over. You go on with whom you had."),
        # Translators: The operator's connection was lost.
        "event_requeued": pgettext(
            "widget", "{name} had to leave. You are back in line, and nothing you wrote is lost."
        ),
        # Translators: System line.
        "event_ended": pgettext("widget", "The chat has ended"),
        # Translators: System line.
        "event_ended_by_you": pgettext("widget", "You ended the chat"),
        # Translators: System line. Name is the operator.
        "event_ended_by": pgettext("widget", "{name} ended the chat"),
        # Translators: System line.
        "event_ended_idle": pgettext("widget", "The chat has ended because nothing was written for a long time"),
        # Translators: Placeholder and name of the text field.
        "write": pgettext("widget", "Write a message"),
        # Translators: Button.
        "send": pgettext("widget", "Send"),
        # Translators: Button that opens a small grid of emoji, and the name of the grid.
        "emoji": pgettext("widget", "Emoji"),
        # Translators: Counter under the text field when the text gets long.
        "left_of": pgettext("widget", "{count} of {limit} characters"),
        # Translators: Counter when the text is longer than may be sent.
        "over_limit": pgettext("widget", "{count} characters too many"),
        # Translators: Switch in the menu: a soft sound when a message arrives.
        "sound_on": pgettext("widget", "Sound is on"),
        # Translators: Switch in the menu: a soft sound when a message arrives.
        "sound_off": pgettext("widget", "Sound is off"),
        # Translators: Button in the menu.
        "end": pgettext("widget", "End chat"),
        # Translators: Question before ending.
        "end_question": pgettext("widget", "End this chat?"),
        # Translators: Button: yes, end the chat.
        "end_yes": pgettext("widget", "End chat"),
        # Translators: Button: no, do not end the chat.
        "end_no": pgettext("widget", "Keep chatting"),
        # Translators: Button after the chat has ended.
        "start_new": pgettext("widget", "Start a new conversation"),
        # Translators: The conversation's number, shown when it has ended.
        "case_number": pgettext("widget", "Case {number}"),
        # Translators: On the launcher, for screen readers.
        "unread": pgettext("widget", "Unread messages: {count}"),
        # Translators: Line above the first unread message, and button that goes to it.
        "new_messages": pgettext("widget", "New messages"),
        # Translators: Why a message was not sent.
        "error_rate_limited": pgettext("widget", "Too many messages at once. Please wait a moment."),
        # Translators: Why a message was not sent.
        "error_too_long": pgettext("widget", "The message is too long."),
        # Translators: Why a message was not sent.
        "error_conversation_ended": pgettext("widget", "The chat had ended before this message arrived."),
        # Translators: Why a message was not sent.
        "error_closed": pgettext("widget", "The chat is closed."),
        # Translators: Why a message was not sent.
        "error_other": pgettext("widget", "The message could not be sent."),
        # Translators: After the name of a field that may stay empty, in parentheses.
        "optional": pgettext("widget", "optional"),
        # Translators: Name of a field.
        "form_name": pgettext("widget", "Your name"),
        # Translators: Name of a field.
        "form_email": pgettext("widget", "E-mail"),
        # Translators: Name of a field.
        "form_phone": pgettext("widget", "Phone"),
        # Translators: Name of a field: an order, an invoice, a customer number.
        "form_reference": pgettext("widget", "Reference number"),
        # Translators: Name of a field: a choice of departments.
        "form_department": pgettext("widget", "What is it about?"),
        # Translators: First choice in a list, stands for none.
        "form_choose": pgettext("widget", "Please choose"),
        # Translators: Name of a field.
        "form_message": pgettext("widget", "Your message"),
        # Translators: Button under the form before the chat.
        "form_start": pgettext("widget", "Start the chat"),
        # Translators: Button under the form while nobody is there.
        "form_leave": pgettext("widget", "Send the message"),
        # Translators: Above the form while nobody is there.
        "leave_lead": pgettext(
            "widget", "Nobody is here right now. Leave a message, and we will answer you by e-mail."
        ),
        # Translators: Button above the form for leaving a message, when an operator has come meanwhile.
        "chat_now": pgettext("widget", "Somebody is here now. Chat instead"),
        # Translators: After a message was left while nobody was there.
        "left_thanks": pgettext("widget", "Thank you! We have your message and will answer you."),
        # Translators: After a message was left while nobody was there.
        "left_thanks_to": pgettext("widget", "Thank you! We have your message and will answer to {email}."),
        # Translators: Beside a field.
        "fault_required": pgettext("widget", "Please fill this in."),
        # Translators: Beside a field.
        "fault_email": pgettext("widget", "This is not an e-mail address. Is there a slip in it?"),
        # Translators: Beside a field.
        "fault_domain": pgettext("widget", "Mail cannot reach this address. Please check what comes after the @."),
        # Translators: Beside a field.
        "fault_phone": pgettext("widget", "This is not a phone number. Try it with the country code, such as +46."),
        # Translators: Beside a field.
        "fault_too_long": pgettext("widget", "This is too long."),
        # Translators: Beside a field.
        "fault_choice": pgettext("widget", "Please choose one from the list."),
        # Translators: Beside the sentence that a visitor agrees to, when the site has changed it since the page was opened.
        "fault_changed": pgettext("widget", "This sentence was changed. Please reload the page and read it again."),
        # Translators: Something was asked of the server in vain.
        "failed": pgettext("widget", "That did not work just now. Please try again."),
        # Translators: In the chat, when nobody has answered for a while.
        "no_answer_lead": pgettext(
            "widget", "It takes longer than usual. Leave your e-mail address, and we will answer you there."
        ),
        # Translators: Button: the visitor leaves, and is answered by e-mail.
        "no_answer_send": pgettext("widget", "Leave my address"),
        # Translators: Button: the visitor does not leave.
        "no_answer_wait": pgettext("widget", "Keep waiting"),
        # Translators: While the visitor waits for an operator.
        "estimate": pgettext("widget", "Estimated wait: {minutes} min"),
        # Translators: While the visitor waits for an operator.
        "estimate_short": pgettext("widget", "Estimated wait: less than a minute"),
        # Translators: After the chat: a rating from 1 to 5.
        "rate_question": pgettext("widget", "How was it?"),
        # Translators: A rating.
        "rate_1": pgettext("widget", "Very bad"),
        # Translators: A rating.
        "rate_2": pgettext("widget", "Bad"),
        # Translators: A rating.
        "rate_3": pgettext("widget", "Okay"),
        # Translators: A rating.
        "rate_4": pgettext("widget", "Good"),
        # Translators: A rating.
        "rate_5": pgettext("widget", "Very good"),
        # Translators: Name of a field, under the rating.
        "rate_comment": pgettext("widget", "Do you want to add anything?"),
        # Translators: Button.
        "rate_send": pgettext("widget", "Send rating"),
        # Translators: After the rating was sent.
        "rate_thanks": pgettext("widget", "Thank you for your answer!"),
        # Translators: Button after the end: the conversation goes on.
        "reopen": pgettext("widget", "Back to the chat"),
        # Translators: Button after the end.
        "transcript": pgettext("widget", "Send me this chat by e-mail"),
        # Translators: Button beside the field for the address that the transcript goes to.
        "transcript_send": pgettext("widget", "Send"),
        # Translators: The transcript was asked for.
        "transcript_sent": pgettext("widget", "It is on its way to {email}."),
        # Translators: System line.
        "event_left_address": pgettext("widget", "You left your e-mail address. We will answer you there."),
        # Translators: System line.
        "event_reopened": pgettext("widget", "You came back to the chat"),
        # Translators: Button.
        "attach": pgettext("widget", "Attach a file"),
        # Translators: A file is on its way.
        "file_sending": pgettext("widget", "Sending {name}"),
        # Translators: A reason follows.
        "file_not_sent": pgettext("widget", "{name} was not sent."),
        # Translators: Why a file was not sent.
        "file_type": pgettext("widget", "Files of this kind cannot be sent here."),
        # Translators: Why a file was not sent.
        "file_too_large": pgettext("widget", "It is too large: at most {megabytes} MB."),
        # Translators: Why a file was not sent.
        "file_empty": pgettext("widget", "It is empty."),
        # Translators: Why a file was not sent.
        "file_broken": pgettext("widget", "It is broken."),
        # Translators: Link to a file.
        "file_download": pgettext("widget", "Download {name}"),
        # Translators: Name of the row of tabs (chat, questions and answers, articles) for screen readers.
        "tabs": pgettext("widget", "Ways to get an answer"),
        # Translators: Tab: talk to somebody.
        "tab_chat": pgettext("widget", "Chat"),
        # Translators: Tab: frequently asked questions and their answers.
        "tab_faq": pgettext("widget", "FAQ"),
        # Translators: Tab: articles that explain things.
        "tab_help": pgettext("widget", "Help"),
        # Translators: Placeholder and name of the search field.
        "help_search": pgettext("widget", "Search for an answer"),
        # Translators: Button.
        "help_clear": pgettext("widget", "Clear the search"),
        # Translators: Above the answers that a search found.
        "help_found": pgettext("widget", "Answers found: {count}"),
        # Translators: A search found nothing.
        "help_none": pgettext("widget", "Nothing found for “{q}”"),
        # Translators: A search found nothing.
        "help_none_hint": pgettext("widget", "Try other words, or ask us."),
        # Translators: Button: from an article to the list of articles.
        "help_back": pgettext("widget", "Back"),
        # Translators: Under the name of a category of articles.
        "help_count": pgettext("widget", "Articles: {count}"),
        # Translators: Above an author's name, at the end of an article.
        "help_written": pgettext("widget", "Written by"),
        # Translators: When an article was last changed.
        "help_updated": pgettext("widget", "Updated {date}"),
        # Translators: Link: the article in a tab of its own.
        "help_page": pgettext("widget", "Open as a page"),
        # Translators: The article was taken down.
        "help_gone": pgettext("widget", "This answer is no longer here."),
        # Translators: Under an article, with the answers yes and no.
        "help_question": pgettext("widget", "Did this help?"),
        # Translators: Button: this helped.
        "help_yes": pgettext("widget", "Yes"),
        # Translators: Button: this did not help.
        "help_no": pgettext("widget", "No"),
        # Translators: Name of a field, after somebody said that an article did not help.
        "help_missing": pgettext("widget", "What was missing?"),
        # Translators: Button: to the chat.
        "help_ask": pgettext("widget", "Ask us instead"),
        # Translators: Button.
        "help_to_chat": pgettext("widget", "Back to the chat"),
        # Translators: Button: the visitor need not ask any more.
        "help_answered": pgettext("widget", "This answered it"),
        # Translators: After the visitor said that an article answered their question.
        "help_glad": pgettext("widget", "Glad that this helped!"),
        # Translators: After the visitor said that an article answered their question.
        "help_glad_hint": pgettext("widget", "If something else comes up, just ask us."),
        # Translators: Button: the question goes to the chat after all.
        "help_anyway": pgettext("widget", "Ask us anyway"),
        # Translators: Button: closes the chat window.
        "help_close": pgettext("widget", "Close"),
        # Translators: Above suggestions for the question that is being typed.
        "suggest_lead": pgettext("widget", "Perhaps one of these answers it:"),
        # Translators: Button.
        "suggest_hide": pgettext("widget", "Hide the suggestions"),
    }
