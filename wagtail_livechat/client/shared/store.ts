/** Text by key. Never throws: what the browser refuses to store (private mode, quota) lives in memory instead. */
export interface Store {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(prefix: string): string[];
}

/**
 * `area` is asked for on each use, since reading `window.localStorage` itself throws where storage is blocked.
 */
export function safeStore(area: () => Storage | undefined): Store {
  const memory = new Map<string, string>();
  const attempt = <T>(use: (storage: Storage) => T): T | undefined => {
    try {
      const storage = area();
      return storage ? use(storage) : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    // Memory first: it holds only what the storage would not take, which is newer than what the storage has.
    get: (key) => memory.get(key) ?? attempt((storage) => storage.getItem(key)) ?? null,
    set(key, value) {
      const stored = attempt((storage) => {
        storage.setItem(key, value);
        return true;
      });
      if (stored) memory.delete(key);
      else memory.set(key, value);
    },
    remove(key) {
      memory.delete(key);
      attempt((storage) => storage.removeItem(key));
    },
    keys(prefix) {
      const stored =
        attempt((storage) => Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? "")) ?? [];
      return [...new Set([...stored, ...memory.keys()])].filter((key) => key.startsWith(prefix));
    },
  };
}

export const localStore = (): Store => safeStore(() => globalThis.localStorage);
export const tabStore = (): Store => safeStore(() => globalThis.sessionStorage);

/** The JSON under `key`, or null when there is none or it cannot be read (another version wrote it). */
export function readJson<T>(store: Store, key: string): T | null {
  try {
    return JSON.parse(store.get(key) ?? "null") as T | null;
  } catch {
    return null;
  }
}
