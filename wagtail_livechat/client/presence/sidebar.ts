const DESK = "a[data-livechat-desk]";

/** The menu item of the desk says whether this user answers chats. */
export function isOperator(): boolean {
  return document.querySelector(`${DESK}[data-livechat-desk=operator]`) !== null;
}

/**
 * Calls back now and whenever Wagtail's sidebar was drawn anew.
 *
 * Elements put into it would be in React's way; attributes that React does not know of stay.
 */
export function watchSidebar(changed: () => void): void {
  const guarded = (): void => {
    try {
      changed();
    } catch (error) {
      observer.disconnect();
      console.warn("Live chat:", error);
    }
  };
  const observer = new MutationObserver(guarded);
  const sidebar = document.querySelector("[data-wagtail-sidebar]");
  if (sidebar) observer.observe(sidebar, { childList: true, subtree: true });
  guarded();
}

/** Shows `count` on the desk's item and on the group that it is in; 0 shows nothing. `label` says it in words. */
export function showCount(count: number, label: string): void {
  const link = document.querySelector<HTMLElement>(DESK);
  const group = link?.closest(".sidebar-sub-menu-item")?.querySelector<HTMLElement>("button");
  for (const item of [link, group]) {
    if (!item) continue;
    const shown = item.getAttribute("data-livechat-count") ?? "";
    if (shown === (count ? String(count) : "")) continue;
    if (count) {
      item.setAttribute("data-livechat-count", String(count));
      item.setAttribute("aria-description", label);
    } else {
      item.removeAttribute("data-livechat-count");
      item.removeAttribute("aria-description");
    }
  }
}
