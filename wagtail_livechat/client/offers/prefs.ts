import { localStore, readJson, type Store } from "../shared/store";

/** What the operator switched on this browser; shared by the desk and the presence client. */
export interface Prefs {
  sound: boolean;
  notify: boolean;
  keys: boolean;
}

const KEY = "livechat:prefs";
const DEFAULTS: Prefs = { sound: true, notify: false, keys: true };

export class PrefStore {
  constructor(private readonly store: Store = localStore()) {}

  read(): Prefs {
    return { ...DEFAULTS, ...readJson<Partial<Prefs>>(this.store, KEY) };
  }

  write(change: Partial<Prefs>): Prefs {
    const next = { ...this.read(), ...change };
    this.store.set(KEY, JSON.stringify(next));
    return next;
  }
}
