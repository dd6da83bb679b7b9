import type { Found, Item, Kind, Outcome, Overview } from "./contract";

/** The answer is gone: unpublished, or never there. */
export class Gone extends Error {}

export interface LibraryOptions {
  /** Address of the help, with a slash at its end. */
  url: string;
  site: number;
  lang: string;
  /** The Wagtail page that the visitor is on. */
  page: number | null;
  /** The visitor's token, where there is one. */
  token: () => string | null;
}

const LONGEST = 200;

/**
 * What a question may carry into an address that servers write down: no e-mail address, and no number long enough to be
 * a card, a person or a phone.
 */
export function withoutNumbers(text: string): string {
  const plain = text.replace(/\S+@\S+/g, " ").replace(/\(?\p{Nd}(?:[^\p{L}\p{Nd}]{0,3}\p{Nd}){5,}/gu, " ");
  return [...plain.replace(/\s+/g, " ").trim()].slice(0, LONGEST).join("");
}

/** The server's side of the help. What was read is kept: it does not change while somebody looks. */
export class Library {
  private readonly kept = new Map<string, Promise<unknown>>();
  private readonly told = new Set<string>();

  constructor(private readonly options: LibraryOptions) {}

  overview(): Promise<Overview> {
    return this.get("");
  }

  item(kind: Kind, id: number): Promise<Item> {
    return this.get(`${kind}/${id}/`);
  }

  async search(question: string): Promise<Found[]> {
    const q = withoutNumbers(question);
    return q.length < 2 ? [] : (await this.get<{ results: Found[] }>("search/", { q })).results;
  }

  /** Says what became of a question, once. Nobody waits for it. */
  looked(question: string, outcome: Outcome, kind?: Kind, id?: number): void {
    const q = withoutNumbers(question);
    const key = `${outcome} ${q}`;
    if (!q || this.told.has(key)) return;
    this.told.add(key);
    const { lang, page } = this.options;
    this.post("looked/", { lang, q, outcome, kind, id, ...(page && { page }) }).catch(() => {});
  }

  /** The visitor's vote; a later one takes the place of an earlier one. */
  async vote({ kind, id, version }: Item, helpful: boolean, comment?: string): Promise<void> {
    await this.post("feedback/", { kind, id, version, helpful, ...(comment && { comment }) });
  }

  private get<T>(path: string, query: Record<string, string> = {}): Promise<T> {
    const { url, site, lang } = this.options;
    const address = `${url}${path}?${new URLSearchParams({ site: String(site), lang, ...query })}`;
    let answer = this.kept.get(address) as Promise<T> | undefined;
    if (!answer) {
      answer = fetch(address, { credentials: "omit" }).then((response) => {
        if (response.status === 404) throw new Gone();
        if (!response.ok) throw new Error(String(response.status));
        return response.json() as Promise<T>;
      });
      this.kept.set(address, answer);
      answer.catch(() => this.kept.delete(address));
    }
    return answer;
  }

  private async post(path: string, body: object): Promise<void> {
    const { url, site } = this.options;
    const token = this.options.token();
    const answer = await fetch(url + path, {
      method: "POST",
      credentials: "omit",
      keepalive: true,
      headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ site, ...body }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
  }
}
