import type { AccountPrefs } from "../offers/prefs";
import type { Texts } from "../offers/texts";

/** What the server put into the page. */
export interface Config {
  urls: { socket: string; commands: string; events: string; desk: string; login: string; record: string; upload: string };
  /** The operator's id: keys of this browser's storage are kept apart by it. */
  operator: number;
  mayBan: boolean;
  /** Answers can become drafts of FAQs and articles here. */
  mayDraft: boolean;
  /** Of the operator's account. */
  prefs: AccountPrefs;
  maxLength: number;
  csrf: { header: string; token: string };
  language: string;
  texts: Texts;
}

export function readConfig<T>(id: string): T | null {
  const element = document.getElementById(id);
  return element?.textContent ? (JSON.parse(element.textContent) as T) : null;
}
