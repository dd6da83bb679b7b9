// For pages that the CMS does not make: puts a frame with the chat into the corner, and shows of it what is drawn.
//
// The frame is as large as the open window from the start, so that the chat in it is laid out as on a page; clip-path hides,
// for the eye and for the pointer, all of it that is empty. Until the frame has said that there is something to show, which it
// cannot on a page that the site has not allowed, nothing is seen. Whatever fails here, the page must not notice.
import type { ToFrame, ToPage } from "./contract";

const WIDTH = "min(100vw, 520px)";
const HEIGHT = "min(100vh, 760px)";

function run(script: HTMLScriptElement): void {
  const { site, lang } = script.dataset;
  if (!site || document.querySelector("iframe[data-livechat-frame]")) return;
  const home = new URL("frame/", script.src);
  home.search = new URLSearchParams({
    site,
    lang: lang ?? document.documentElement.lang,
    origin: location.origin,
  }).toString();
  // Behind the #, where no server and no log sees it.
  home.hash = encodeURIComponent(JSON.stringify({ href: location.href.split("#")[0], title: document.title }));

  const frame = document.createElement("iframe");
  const { style } = frame;
  frame.dataset.livechatFrame = "";
  frame.referrerPolicy = "no-referrer";
  const set = (rules: Record<string, string>): void => {
    for (const [name, value] of Object.entries(rules)) style.setProperty(name, value, "important");
  };
  set({
    all: "initial",
    position: "fixed",
    "z-index": "2147483000",
    bottom: "0",
    width: WIDTH,
    height: HEIGHT,
    border: "0",
    // The frame says the same of itself: only then it is transparent.
    "color-scheme": "light dark",
    visibility: "hidden",
  });
  frame.src = home.href;

  const tell = (message: ToFrame): void => frame.contentWindow?.postMessage(message, home.origin);
  let shape: ToPage | undefined;
  let wantsOpen = location.hash === "#livechat";

  const fit = (): void => {
    if (!shape) return;
    const { visualViewport } = window;
    // On a phone the open window is the whole screen, or what the on-screen keyboard leaves of it.
    const isFull = shape.open && shape.full;
    const isZoomed = !visualViewport || visualViewport.scale > 1.01;
    set({
      top: isFull ? `${isZoomed ? 0 : visualViewport.offsetTop}px` : "auto",
      bottom: isFull ? "auto" : "0",
      height: isFull ? (isZoomed ? "100%" : `${visualViewport.height}px`) : HEIGHT,
      left: shape.side === "left" ? "0" : "auto",
      right: shape.side === "left" ? "auto" : "0",
      "clip-path": isFull ? "none" : `inset(${shape.inset.map((edge) => `${edge}px`).join(" ")} round 24px)`,
      visibility: shape.drawn ? "visible" : "hidden",
    });
    frame.title = shape.title;
  };

  addEventListener("message", ({ origin, source, data }: MessageEvent<ToPage>) => {
    if (origin !== home.origin || source !== frame.contentWindow || data?.livechat !== "shape") return;
    const isFirst = !shape;
    shape = data;
    fit();
    if (isFirst && wantsOpen) tell({ livechat: "open" });
  });
  visualViewport?.addEventListener("resize", fit);
  visualViewport?.addEventListener("scroll", fit);

  const open = (): void => {
    wantsOpen = true;
    if (shape) tell({ livechat: "open" });
  };
  addEventListener("livechat:open", open);
  document.addEventListener("click", (event) => {
    if (!(event.target as Element | null)?.closest?.("[data-livechat-open]")) return;
    event.preventDefault();
    open();
    frame.focus();
  });

  const put = (): void => void document.body.append(frame);
  if (document.body) put();
  else addEventListener("DOMContentLoaded", put);
}

const { currentScript } = document;
if (currentScript instanceof HTMLScriptElement) {
  try {
    run(currentScript);
  } catch {
    // A browser without what this needs has no chat, and a page that works.
  }
}
