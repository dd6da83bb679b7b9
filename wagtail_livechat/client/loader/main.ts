// The launcher: the only part that every page of the site pays for.
//
// It asks GET boot, draws the button truthfully, and fetches the widget when the visitor shows intent. It writes to no
// storage and sets no cookie. Whatever fails here, the page must not notice.
import { storageKey, type Boot, type Launcher, type Meeting, type Widget } from "./contract";
import css from "./loader.css";

const REFRESH = 60_000;
/** Where boot is asked at most this often when the visitor comes back to the tab. */
const FRESH = 15_000;
const OPENER = "[data-livechat-open]";
const CHAT = "M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3 21l2-5.8A8.4 8.4 0 1 1 21 11.5z";
const CLOSE = "M6 6l12 12M18 6L6 18";

function run(script: HTMLElement): void {
  const { boot: bootUrl, page, frame } = script.dataset;
  // A frame is a preview, an editor's tool or an embedded page: the chat belongs to the window around it. The one that we
  // make in a page elsewhere is there for the chat.
  if (!bootUrl || (window.top !== window.self && frame == null)) return;

  const meeting: Meeting = (window.wagtailLivechat ??= {});
  if (meeting.loader) return;
  meeting.loader = true;

  let boot: Boot;
  let askedAt = 0;
  let launcher: Launcher | undefined;
  let show: ((boot: Boot) => void) | undefined;
  let widget: Widget | undefined;
  let loading: Promise<Widget> | undefined;
  let openWhenDrawn = false;

  const ask = async (): Promise<void> => {
    askedAt = Date.now();
    try {
      const answer = await fetch(bootUrl, { credentials: "omit", cache: "no-cache" });
      if (!answer.ok) return;
      boot = (await answer.json()) as Boot;
      if (boot.version !== 1) return;
      if (!launcher) {
        if (!boot.enabled) return;
        [launcher, show] = draw();
        if (boot.enabled) readyOpeners();
        if (!resume()) greet();
        if (openWhenDrawn) void open(true);
      }
      show!(boot);
    } catch {
      // No chat now. It is asked for again later.
    }
  };

  const load = (): Promise<Widget> =>
    (loading ??= (async () => {
      await fetchScript(boot.widget);
      widget = await meeting.widget!(launcher!);
      return widget;
    })().catch((error: unknown) => {
      loading = undefined; // The next click tries again.
      throw error;
    }));

  /** `byPerson`: only then may the focus move into the window. */
  const open = async (byPerson: boolean): Promise<void> => {
    if (!launcher) {
      openWhenDrawn = true;
      return;
    }
    const { button, host } = launcher;
    host.hidden = false;
    button.dataset.busy = "";
    try {
      (await load()).open(byPerson);
    } catch {
      // The button still works: the next click tries again.
    } finally {
      delete button.dataset.busy;
    }
  };

  /** A visitor in the middle of a conversation finds it on every page, open if it was open in this tab. */
  const resume = (): boolean => {
    try {
      if (sessionStorage.getItem(storageKey(boot.site, "open"))) void open(false);
      else if (localStorage.getItem(storageKey(boot.site, "active"))) load().catch(() => {});
      else return false;
      return true;
    } catch {
      // Storage is blocked: there is nothing to resume.
      return false;
    }
  };

  /** Says the first auto-message that fits, above the launcher; at most one, and not to who is in the chat already. */
  const greet = (): void => {
    const { messages = [], site, auto, close_label } = boot;
    const today = new Date().toDateString();
    const key = (id: number): string => storageKey(site, `auto:${id}`);
    const seen = (id: number): boolean => attempt(() => localStorage.getItem(key(id)) === today);
    const href = meeting.href ?? location.href;
    const message = messages.find(({ address, daily, id }) => href.includes(address) && !(daily && seen(id)));
    if (!message) return;
    const { id, text, seconds, daily } = message;
    const count = (what: string): void => {
      const headers = { "Content-Type": "application/json" };
      const body = JSON.stringify({ id, what });
      fetch(auto, { method: "POST", credentials: "omit", keepalive: true, headers, body }).catch(() => {});
    };
    setTimeout(() => {
      if (widget?.isOpen()) return;
      const { root, button } = launcher!;
      const box = make("div", "auto");
      const go = make("button", "say");
      const shut = make("button", "shut");
      const gone = (): void => box.remove();
      box.setAttribute("role", "status");
      go.textContent = text;
      shut.textContent = "×";
      shut.setAttribute("aria-label", close_label);
      go.onclick = () => {
        launcher!.auto = message;
        count("clicked");
        gone();
        void open(true);
      };
      shut.onclick = gone;
      button.addEventListener("click", gone);
      box.append(go, shut);
      root.insertBefore(box, button);
      count("shown");
      // Before the chat was ever opened nothing is written down: then every page is the first one of the day.
      if (daily) attempt(() => localStorage.getItem(storageKey(site, "token")) && localStorage.setItem(key(id), today));
      if (seconds) setTimeout(gone, seconds * 1000);
    }, message.delay * 1000);
  };

  const draw = (): [Launcher, (boot: Boot) => void] => {
    const host = document.createElement("wagtail-livechat");
    const root = host.attachShadow({ mode: "open" });
    const styles = (text: string): void => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    };
    styles(css);

    const button = make("button", "launcher") as HTMLButtonElement;
    button.type = "button";
    button.setAttribute("aria-haspopup", "dialog");
    button.setAttribute("aria-expanded", "false");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.setAttribute("viewBox", "0 0 24 24");
    icon.setAttribute("aria-hidden", "true");
    path.setAttribute("d", CHAT);
    icon.append(path);
    const words = make("span", "words");
    const label = make("span", "label");
    const state = make("span", "state");
    const badge = make("span", "badge");
    badge.hidden = true;
    words.append(label, state);
    const picture = make("img", "picture") as HTMLImageElement;
    picture.alt = "";
    button.append(picture, icon, words, badge);
    root.append(button);

    button.addEventListener("click", () => {
      if (widget?.isOpen()) widget.close();
      else void open(true);
    });
    for (const sign of ["pointerenter", "focus", "touchstart"])
      button.addEventListener(sign, () => load().catch(() => {}), { once: true, passive: true });

    let bootLabel = "";
    const setState = (value: string, text: string): void => {
      button.dataset.state = value;
      const src = boot.pictures?.[value === "offline" ? value : "online"];
      button.toggleAttribute("data-picture", !!src);
      if (src) picture.src = src;
      state.textContent = text;
    };
    const shown: Launcher = {
      host,
      root,
      button,
      get boot() {
        return boot;
      },
      page: Number(page) || null,
      styles,
      script: fetchScript,
      opened(isOpen, closeLabel) {
        button.setAttribute("aria-expanded", String(isOpen));
        path.setAttribute("d", isOpen ? CLOSE : CHAT);
        // While the window is open the words are not drawn, so that the name has to be said.
        if (isOpen) button.setAttribute("aria-label", closeLabel);
        else button.removeAttribute("aria-label");
      },
      unread(count, text) {
        badge.hidden = !count;
        badge.textContent = count > 99 ? "99+" : String(count);
        badge.setAttribute("role", "img");
        badge.setAttribute("aria-label", text);
      },
      state: setState,
    };

    const refresh = (now: Boot): void => {
      host.lang = now.lang;
      host.dir = now.dir;
      host.dataset.corner = now.corner;
      host.style.setProperty("--lc-color", now.color);
      host.style.setProperty("--lc-ink", now.ink);
      host.hidden = now.hidden ? !loading : !now.enabled && !widget;
      if (bootLabel !== now.label) label.textContent = bootLabel = now.label;
      setState(now.state, now.state_label);
    };
    refresh(boot);
    document.body.append(host);
    standAside(host);
    return [shown, refresh];
  };

  meeting.open = () => void open(navigator.userActivation?.isActive ?? false);
  meeting.close = () => widget?.close();
  window.addEventListener("livechat:open", meeting.open);
  document.addEventListener("click", (event) => {
    const opener = (event.target as Element | null)?.closest?.<HTMLAnchorElement>(OPENER);
    // A link leads where it leads while there is no chat (yet).
    if (!opener || (boot ? !boot.enabled : opener.href)) return;
    event.preventDefault();
    meeting.opener = opener.dataset;
    void open(true);
  });
  const refresh = (): void => {
    if (document.visibilityState === "visible" && Date.now() - askedAt > FRESH) void ask();
  };
  document.addEventListener("visibilitychange", refresh);
  window.addEventListener("focus", refresh);
  setInterval(refresh, REFRESH);

  // A link from elsewhere, such as the picture for pages without a script, opens the chat.
  openWhenDrawn = location.hash === "#livechat";
  const begin = (): void => void ask();
  if ("requestIdleCallback" in window) requestIdleCallback(begin, { timeout: 2_000 });
  else setTimeout(begin, 200);
}

/** What opens the chat was hidden, or no link, as long as there was none. */
function readyOpeners(): void {
  for (const opener of document.querySelectorAll<HTMLAnchorElement>(OPENER)) {
    opener.hidden = false;
    opener.href ||= "#livechat";
  }
}

/** What comes of it; false where storage is blocked. */
function attempt(use: () => unknown): boolean {
  try {
    return !!use();
  } catch {
    return false;
  }
}

function make(tag: string, id: string): HTMLElement {
  const element = document.createElement(tag);
  element.id = id;
  return element;
}

/**
 * `import()` runs under `script-src 'self'` and needs no Trusted Types policy, unlike `script.src`. Only static files on
 * another host that does not send CORS headers cannot be imported: then a script element is the second try.
 */
function fetchScript(url: string): Promise<unknown> {
  return import(url).catch((error: unknown) => {
    if (new URL(url, location.href).origin === location.origin) throw error;
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.onload = done;
      script.onerror = failed;
      script.src = url;
      document.head.append(script);
    });
  });
}

/** Wagtail's userbar, which editors see, sits in a corner too: the launcher stands above it. */
function standAside(host: HTMLElement): void {
  const userbar = document.querySelector("wagtail-userbar");
  if (!userbar) return;
  const measure = (): void => {
    host.style.removeProperty("--lc-lift");
    const mine = host.getBoundingClientRect();
    const inside = userbar.shadowRoot?.querySelector("[aria-haspopup]") ?? userbar;
    const theirs = inside.getBoundingClientRect();
    if (!theirs.height || theirs.right < mine.left || theirs.left > mine.right || theirs.bottom < mine.top - 20) return;
    host.style.setProperty("--lc-lift", `${Math.max(0, mine.bottom - theirs.top + 12)}px`);
  };
  measure();
  // The userbar draws itself when its own script has run.
  window.addEventListener("load", measure);
  window.addEventListener("resize", measure);
  setTimeout(measure, 1_500);
}

const script =
  document.currentScript instanceof HTMLElement && document.currentScript.dataset.boot
    ? document.currentScript
    : document.querySelector<HTMLElement>("script[data-livechat]");
if (script) {
  try {
    run(script);
  } catch {
    // A browser without what this needs has no chat, and a page that works.
  }
}
