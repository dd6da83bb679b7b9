import { localStore, readJson, type Store } from "../shared/store";

/** What the operator switched on this browser; shared by the desk and the presence client. */
export interface Prefs {
  sound: boolean;
  notify: boolean;
  keys: boolean;
}

const DEFAULTS: Prefs = { sound: true, notify: false, keys: true };

export class PrefStore {
  static readonly KEY = "livechat:prefs";

  constructor(private readonly store: Store = localStore()) {}

  read(): Prefs {
    return { ...DEFAULTS, ...readJson<Partial<Prefs>>(this.store, PrefStore.KEY) };
  }

  write(change: Partial<Prefs>): Prefs {
    const next = { ...this.read(), ...change };
    this.store.set(PrefStore.KEY, JSON.stringify(next));
    return next;
  }
}
