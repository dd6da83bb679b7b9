// The chat window. The loader fetches this when the visitor shows intent, or has a conversation that goes on.
import { render } from "preact";

import { storageKey, type Launcher, type Widget } from "../loader/contract";
import { localStore } from "../shared/store";
import { fill } from "../shared/text";
import { Chat } from "./chat";
import type { Config } from "./config";
import { ViewProvider, type View } from "./context";
import { Panel } from "./Panel";
import { runtime } from "./runtime";
import { Blip } from "./sound";
import css from "./widget.css";

async function mount(launcher: Launcher): Promise<Widget> {
  const { boot, button, root } = launcher;
  const answer = await fetch(boot.config, { credentials: "omit" });
  if (!answer.ok) throw new Error(`config: ${answer.status}`);
  const config = (await answer.json()) as Config;

  launcher.styles(css);
  const place = document.createElement("div");
  place.id = "chat";
  root.insertBefore(place, button);

  const chat = new Chat(config, boot, launcher.page);
  const blip = new Blip();
  const store = localStore();
  let wasOpen = false;

  const close = (): void => {
    const hadFocus = place.contains(root.activeElement);
    chat.close();
    draw();
    if (hadFocus) button.focus();
  };
  const view: View = { chat, config, launcher, close, gesture: () => blip.unlock() };

  function draw(): void {
    render(
      <ViewProvider value={{ ...view }}>
        <Panel />
      </ViewProvider>,
      place,
    );
    if (chat.isOpen !== wasOpen) {
      wasOpen = chat.isOpen;
      launcher.opened(wasOpen, config.texts.minimise);
    }
    launcher.unread(chat.isOpen ? 0 : chat.unread, fill(config.texts.unread, { count: chat.unread }));
    if (chat.state.ready) launcher.state(chat.site, config.texts[`state_${chat.site}`]);
  }

  // Several events in one turn make one picture.
  let isDue = false;
  chat.onChange = () => {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      draw();
    });
  };
  chat.onUnseen = (message) => {
    // Of several tabs, the first to know makes the sound.
    const key = storageKey(config.site, "heard");
    if (!chat.sound || store.get(key) === message) return;
    store.set(key, message);
    blip.play();
  };

  keepFocus(root, place);
  followKeyboard(launcher.host, () => chat.isOpen);
  chat.follow();
  draw();

  return {
    open(byPerson) {
      if (launcher.auto) {
        // What was said above the launcher is what the chat begins with.
        config.greeting = launcher.auto.text;
        chat.auto = launcher.auto.name;
        chat.pane = "chat";
      }
      if (meeting.opener) {
        const { livechatOpen = "", livechatText } = meeting.opener;
        chat.pane = "chat";
        chat.opener = livechatOpen;
        // What was chosen or typed already stays as it is.
        chat.answers = { department: parseInt(livechatOpen) || 0, ...chat.answers };
        if (livechatText && !chat.draft.trim()) chat.draft = `${livechatText} `;
        meeting.opener = undefined;
      }
      chat.open();
      draw();
      if (!byPerson) return;
      blip.unlock();
      focusInside(place);
    },
    close,
    isOpen: () => chat.isOpen,
  };
}

function focusInside(place: HTMLElement): void {
  // On a touch screen the keyboard would come up at once and cover what we have to say.
  const target = matchMedia("(pointer: coarse)").matches ? "#panel" : "[aria-selected=true], textarea, .ask button, #panel";
  [...place.querySelectorAll<HTMLElement>(target)].filter((one) => one.getClientRects().length).pop()?.focus();
}

/** A button that vanishes when it is pressed must not take the focus with it: Esc and Tab would start from the page. */
function keepFocus(root: ShadowRoot, place: HTMLElement): void {
  let focused: Element | null = null;
  place.addEventListener("focusin", ({ target }) => {
    focused = target as Element;
  });
  place.addEventListener("focusout", ({ target }) => {
    // The focus leaves an element just before it is removed: only a moment later one can tell.
    queueMicrotask(() => {
      if (focused === target && (target as Element).isConnected) focused = null;
    });
  });
  new MutationObserver(() => {
    if (!focused || focused.isConnected) return;
    focused = null;
    if (!root.activeElement && document.activeElement === document.body) focusInside(place);
  }).observe(place, { childList: true, subtree: true });
}

/** On a phone the window is as high as what the on-screen keyboard leaves. */
function followKeyboard(host: HTMLElement, isOpen: () => boolean): void {
  const { visualViewport } = window;
  if (!visualViewport) return;
  const fit = (): void => {
    // Someone who magnifies the page with two fingers wants to see a part of it, not a smaller window.
    if (!isOpen() || visualViewport.scale > 1.01) return;
    host.style.setProperty("--lc-height", `${visualViewport.height}px`);
    host.style.setProperty("--lc-top", `${visualViewport.offsetTop}px`);
  };
  visualViewport.addEventListener("resize", fit);
  visualViewport.addEventListener("scroll", fit);
}

const meeting = (window.wagtailLivechat ??= {});
meeting.runtime = runtime;
meeting.widget = mount;
