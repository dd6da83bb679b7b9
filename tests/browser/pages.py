"""A visitor and an operator, as they see and use the chat. Selectors live here and nowhere else."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.watchdog import Watchdog

FORM_FIELDS = {
    "name": "Your name",
    "email": "E-mail",
    "phone": "Phone",
    "reference": "Reference number",
    "department": "What is it about",
    "message": "Your message",
}
GREETING = "Hello! Ask us about anything in the shop."

# Nothing here waits longer than this for a picture to become what it should be, unless it says so.
expect.set_options(timeout=10_000)


class Visitor:
    """Someone on a page of the shop. Playwright's locators look into the chat's open shadow root by themselves."""

    def __init__(self, page: Page, url: str, watchdog: Watchdog) -> None:
        self.page = page
        self.url = url
        self.watchdog = watchdog
        self.launcher = page.locator("wagtail-livechat [aria-haspopup=dialog]")
        self.window = page.get_by_role("dialog", name=re.compile("^Chat"))
        self.field = self.window.get_by_role("textbox", name="Write a message")
        self.log = self.window.get_by_role("log", name="Messages")
        self.notices = self.window.locator(".notices")
        self.tabs = self.window.get_by_role("tab")
        self.help = self.window.locator("#lc-help")
        self.search = self.help.locator(".h-search input")
        self.suggestions = self.window.locator(".h-suggest .h-row")

    # Doing.

    def visit(self, path: str = "/") -> Visitor:
        self.page.goto(self.url + path)
        expect(self.launcher).to_be_visible()
        return self

    def open(self) -> Visitor:
        self.launcher.click()
        expect(self.window).to_be_visible()
        return self

    def write(self, text: str) -> None:
        """Type into the field as it stands, without sending."""
        self.field.press_sequentially(text)

    def say(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")
        expect(self.field).to_have_value("")

    def fill_in(self, **answers: str) -> None:
        """`fill_in(name="Ada", message="Hello")`: into the form that is shown."""
        for field, answer in answers.items():
            self.answer_to(field).fill(answer)

    def answer_to(self, field: str) -> Locator:
        return self.window.get_by_label(re.compile(f"^{FORM_FIELDS[field]}"))

    def fault_of(self, field: str) -> Locator:
        """What is said to be wrong with a field: the text that the field itself refers to."""
        return self.answer_to(field).locator("xpath=..").locator(".f-fault").first

    def press(self, name: str) -> None:
        self.window.get_by_role("button", name=name).click()

    def new_tab(self, path: str = "/") -> Visitor:
        """The same person's second tab, which opens what was being shown there."""
        tab = Visitor(self.page.context.new_page(), self.url, self.watchdog)
        return tab.visit(path)

    def menu(self) -> Locator:
        self.window.get_by_role("button", name="Menu").click()
        return self.window.get_by_role("menu")

    def go_to_tab(self, name: str) -> Locator:
        """Chat, faq or help, by what they are and not by how the language calls them. Returns what the tab shows."""
        self.window.locator(f"#lc-tab-{name}").click()
        return self.window.locator("#lc-chat" if name == "chat" else "#lc-help")

    def look_up(self, title: str) -> Locator:
        """Open a category, a question or an article of the list that is shown; a category is followed by its articles."""
        self.help.locator(".h-row").filter(has_text=title).first.click()
        heading = self.help.locator(".h-name").filter(has_text=title)
        expect(heading).to_be_focused()
        return heading

    def end(self) -> None:
        self.menu().get_by_role("menuitem", name="End chat").click()
        question = self.window.get_by_role("alertdialog", name="End this chat?")
        question.get_by_role("button", name="End chat").click()

    # Seeing.

    @property
    def messages(self) -> Locator:
        """Every message, the greeting first, in the order of the screen."""
        return self.log.locator(".row .text")

    @property
    def happenings(self) -> Locator:
        """Who joined, who ended: the lines between the messages."""
        return self.log.locator(".system")

    def row(self, text: str) -> Locator:
        return self.log.locator(".row").filter(has_text=text)

    def sees(self, *texts: str) -> None:
        """These messages, all of them and no others, in this order."""
        expect(self.messages).to_have_text([GREETING, *texts])

    def sees_tick(self, text: str, tick: str) -> None:
        """The last message of a group shows how far it got: Sending, Sent, Delivered or Seen."""
        expect(self.row(text).locator(".mark")).to_have_text(tick)

    def sees_no_notice(self) -> None:
        """Not a word about the line."""
        expect(self.notices.locator(".bad")).to_have_count(0)


class Operator:
    """Someone who is signed in to the admin."""

    def __init__(self, page: Page, url: str, name: str, watchdog: Watchdog) -> None:
        self.page = page
        self.url = url
        self.name = name
        self.watchdog = watchdog
        self.desk = page.locator("#livechat-desk")
        self.offers = page.get_by_role("region", name="Offered conversations")
        self.lists = self.desk.get_by_role("navigation", name="Conversations")
        self.conversation = self.desk.get_by_role("region", name="Conversation", exact=True)
        self.log = self.conversation.get_by_role("log", name="Messages")
        self.field = self.conversation.get_by_role("textbox", name=re.compile("^Write a (reply|note)"))
        self.status = self.desk.get_by_role("button", name=re.compile("^Your status"))
        self.line = self.desk.locator(".lcd-line")
        self.menu_item = page.locator("a[data-livechat-desk]")

    # Doing.

    def go_to(self, path: str) -> Operator:
        self.page.goto(self.url + path)
        return self

    def go_to_desk(self) -> Operator:
        self.go_to("/admin/livechat/desk/")
        expect(self.line).to_have_text("Connected")
        return self

    def set_status(self, status: str) -> None:
        self.status.click()
        self.desk.get_by_role("menuitemradio", name=re.compile(f"^{status}")).click()
        expect(self.status).to_have_accessible_name(f"Your status: {status}")

    def go_available(self) -> Operator:
        self.go_to_desk()
        self.set_status("Available")
        return self

    def offer(self, text: str) -> Locator:
        return self.offers.get_by_role("article").filter(has_text=text)

    def accept(self, text: str) -> None:
        self.offer(text).get_by_role("button", name="Accept").click()
        expect(self.field).to_be_visible()

    def say(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")
        expect(self.field).to_have_value("")

    def choose(self, text: str) -> None:
        self.row(text).get_by_role("button").first.click()

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def end(self, reason: str = "", note: str = "") -> None:
        self.conversation.get_by_role("button", name="End", exact=True).click()
        if reason:
            self.dialog.get_by_role("radio", name=reason).check()
        if note:
            self.dialog.get_by_label("Note for colleagues").fill(note)
        self.dialog.get_by_role("button", name="End conversation").click()
        expect(self.dialog).to_have_count(0)

    def more(self, action: str) -> None:
        """One of the actions in the menu above the conversation."""
        self.conversation.get_by_role("button", name="More actions").click()
        self.conversation.get_by_role("menuitem", name=action).click()

    def hand_over(self, to: str) -> None:
        self.conversation.get_by_role("button", name="Hand over", exact=True).click()
        self.ask_for(to)

    def ask_in(self, colleague: str) -> None:
        self.conversation.get_by_role("button", name="Ask a colleague to join").click()
        self.ask_for(colleague)

    def ask_for(self, name: str) -> None:
        """Search the open dialog for somebody, and choose them."""
        search = self.dialog.get_by_role("combobox", name="Search names")
        search.fill(name)
        expect(self.dialog.get_by_role("option")).to_have_count(1)
        search.press("Enter")
        expect(self.dialog).to_have_count(0)

    def asked(self, words: str) -> Locator:
        """The card of what a colleague asks."""
        return self.offers.get_by_role("article", name=re.compile(re.escape(words)))

    def panel(self, name: str) -> Locator:
        """What is beside the conversation: Visitor or Answers."""
        tab = self.desk.get_by_role("tab", name=name)
        if not tab.is_visible():
            self.conversation.get_by_role("button", name="Details").click()
        tab.click()
        return self.desk.get_by_role("tabpanel", name=name)

    def colleague(self, name: str) -> Locator:
        return self.lists.locator(".lcd-row--colleague").filter(has_text=name)

    def write_to(self, colleague: str) -> None:
        """Open what is written with a colleague."""
        self.colleague(colleague).get_by_role("button").click()
        expect(self.conversation.get_by_role("heading", name=colleague)).to_be_visible()
        expect(self.field).to_be_focused()

    @property
    def strips(self) -> Locator:
        """What is going on with colleagues, under the head of the conversation."""
        return self.conversation.locator(".lcd-strip__text")

    # Seeing.

    def row(self, text: str) -> Locator:
        """The row of the list whose preview has this text."""
        return self.lists.get_by_role("listitem").filter(has_text=text)

    @property
    def messages(self) -> Locator:
        return self.log.locator(".lcd-bubble__text")

    @property
    def happenings(self) -> Locator:
        return self.log.locator(".lcd-system")

    def sees(self, *texts: str) -> None:
        expect(self.messages).to_have_text(list(texts))

    def sees_last(self, text: str) -> None:
        expect(self.messages.last).to_have_text(text)

    def sees_tick(self, text: str, tick: str) -> None:
        bubble = self.log.locator(".lcd-bubble").filter(has_text=text)
        expect(bubble.locator(".lcd-receipt")).to_have_text(tick)
