// In the frame, before the loader: tells it which page is around, and that page where the chat is drawn.
import type { ToFrame, ToPage } from "../embed/contract";
import "../loader/contract";

/** Around what is drawn: for shadows, and for the ring around what has the focus. The window's shadow is wider. */
const MARGIN = 16;
const MARGIN_OPEN = 36;

function run(origin: string): void {
  const meeting = (window.wagtailLivechat ??= {});
  try {
    const { href, title } = JSON.parse(decodeURIComponent(location.hash.slice(1))) as Record<string, unknown>;
    // Only a page of the origin that is allowed can be around us; what it says of itself has to fit.
    if (new URL(String(href)).origin === origin) {
      meeting.href = String(href);
      document.title = String(title);
    }
  } catch {
    // Then the visitor is on this page.
  }
  addEventListener("message", ({ origin: from, source, data }: MessageEvent<ToFrame>) => {
    if (from !== origin || source !== parent || data?.livechat !== "open") return;
    // As a person would, so that the focus goes into the window.
    const button = document.querySelector("wagtail-livechat")?.shadowRoot?.querySelector<HTMLElement>("#launcher");
    if (!button) meeting.open?.();
    else if (button.getAttribute("aria-expanded") !== "true") button.click();
  });
  const found = new MutationObserver(() => {
    const host = document.querySelector<HTMLElement>("wagtail-livechat");
    if (!host?.shadowRoot) return;
    found.disconnect();
    follow(host, host.shadowRoot, origin);
  });
  found.observe(document, { childList: true, subtree: true });
}

function follow(host: HTMLElement, root: ShadowRoot, origin: string): void {
  const button = root.querySelector<HTMLElement>("#launcher")!;
  const sizes = new ResizeObserver(() => tell());
  let last = "";
  const tell = (): void => {
    const panel = root.querySelector<HTMLElement>("#panel");
    const boxes = [button, root.querySelector<HTMLElement>("#auto"), panel]
      .filter((one): one is HTMLElement => !!one)
      .map((one) => {
        sizes.observe(one);
        return one.getBoundingClientRect();
      })
      .filter(({ width, height }) => width && height);
    const isOpen = button.getAttribute("aria-expanded") === "true";
    const edge = (of: (box: DOMRect) => number, size: number): number => {
      const nearest = Math.min(...boxes.map(of));
      return Math.max(0, Math.min(size, nearest - (isOpen ? MARGIN_OPEN : MARGIN)));
    };
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const shape: ToPage = {
      livechat: "shape",
      drawn: !host.hidden && boxes.length > 0,
      open: isOpen,
      full: !!panel && getComputedStyle(panel).position === "fixed",
      side: (host.dataset.corner === "start") === (host.dir === "rtl") ? "right" : "left",
      inset: [
        edge(({ top }) => top, height),
        edge(({ right }) => width - right, width),
        edge(({ bottom }) => height - bottom, height),
        edge(({ left }) => left, width),
      ],
      title: root.querySelector("#label")?.textContent ?? "",
    };
    const text = JSON.stringify(shape);
    if (text === last) return;
    last = text;
    parent.postMessage(shape, origin);
  };
  new MutationObserver(tell).observe(root, { childList: true, subtree: true, attributes: true });
  new MutationObserver(tell).observe(host, { attributes: true });
  // What moves in is measured where it comes to rest.
  for (const event of ["animationend", "transitionend"]) root.addEventListener(event, tell);
  addEventListener("resize", tell);
  tell();
}

const { origin } = (document.currentScript as HTMLElement).dataset;
// Opened by itself, in a tab, it is a page like any other.
if (origin && parent !== window) run(origin);
