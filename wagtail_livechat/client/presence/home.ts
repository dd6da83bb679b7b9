/** What `desk/dashboard.py` tells. */
interface Now {
  counts: { name: string; number: string }[];
  people: { name: string; status: string; label: string; open: string }[];
}

const EVERY = 15_000;
const SETTLE = 1_000;

/**
 * The panel on the admin's first page, kept current: now and then, and soon after something has happened that an
 * operator's own line told of. `root` names the address to ask; a page that nobody looks at asks nothing.
 */
export class HomePanel {
  private timer = 0;
  private asking = false;

  constructor(private readonly root: HTMLElement) {
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.soon(0);
    });
    this.soon(EVERY);
  }

  /** Something happened: look, but not more than once for all that happens together. */
  soon(wait = SETTLE): void {
    if (this.timer && wait === EVERY) return;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.look(), wait);
  }

  private async look(): Promise<void> {
    this.timer = 0;
    if (!document.hidden && !this.asking) {
      this.asking = true;
      try {
        const answer = await fetch(this.root.dataset.livechatNow ?? "", { headers: { Accept: "application/json" } });
        if (answer.ok) this.show((await answer.json()) as Now);
      } catch {
        // The line is down; what stands there is from before.
      } finally {
        this.asking = false;
      }
    }
    if (!this.timer) this.soon(EVERY);
  }

  private show(now: Now): void {
    for (const { name, number } of now.counts) {
      const place = this.root.querySelector(`[data-livechat-count-of="${name}"]`);
      if (place && place.textContent !== number) place.textContent = number;
    }
    this.root.querySelector("[data-livechat-people]")?.replaceChildren(...now.people.map(line));
    const nobody = this.root.querySelector<HTMLElement>("[data-livechat-nobody]");
    if (nobody) nobody.hidden = now.people.length > 0;
  }
}

function line({ name, status, label, open }: Now["people"][number]): HTMLElement {
  const item = document.createElement("li");
  const who = document.createElement("bdi");
  const what = document.createElement("span");
  item.dataset.status = status;
  who.textContent = name;
  what.textContent = `${label} · ${open}`;
  item.append(who, " ", what);
  return item;
}
