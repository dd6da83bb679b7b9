import { localStore, readJson, type Store } from "../shared/store";

/** What is on in this browser; shared by the desk and the presence client. */
export interface Prefs {
  sound: boolean;
  notify: boolean;
  keys: boolean;
}

const DEFAULTS: Prefs = { sound: true, notify: false, keys: true };

/** What the operator chose in their account, for all their browsers. */
export type AccountPrefs = Pick<Prefs, "sound" | "notify">;

/** The desk's menu item carries it on every page of the admin. */
export function accountPrefs(): AccountPrefs | null {
  const chosen = document.querySelector<HTMLElement>("a[data-livechat-desk]")?.dataset.livechatPrefs;
  return chosen === undefined ? null : { sound: chosen.includes("sound"), notify: chosen.includes("notify") };
}

interface Stored extends Partial<Prefs> {
  /** What the account said when this browser's switch was pressed. */
  readonly account?: string;
}

/** The account's choice, until a switch is pressed in this browser; that one, until the account's is changed. */
export class PrefStore {
  static readonly KEY = "livechat:prefs";

  constructor(
    private readonly store: Store = localStore(),
    private readonly account: () => AccountPrefs | null = accountPrefs,
  ) {}

  read(): Prefs {
    const { account: before, ...own } = readJson<Stored>(this.store, PrefStore.KEY) ?? {};
    const account = this.account();
    if (account && before !== undefined && before !== JSON.stringify(account)) {
      return { ...DEFAULTS, ...own, ...account };
    }
    return { ...DEFAULTS, ...account, ...own };
  }

  write(change: Partial<Prefs>): Prefs {
    const next = { ...this.read(), ...change };
    this.store.set(PrefStore.KEY, JSON.stringify({ ...next, account: JSON.stringify(this.account() ?? {}) }));
    return next;
  }
}
