import assert from "node:assert/strict";
import { test } from "node:test";

import { PrefStore, type AccountPrefs } from "../offers/prefs";
import { safeStore } from "../shared/store";

test("a browser does as the account says until a switch is pressed, and again when the account's is changed", () => {
  const store = safeStore(() => undefined);
  let account: AccountPrefs = { sound: false, notify: true };
  const prefs = new PrefStore(store, () => account);
  assert.deepEqual(prefs.read(), { sound: false, notify: true, keys: true });

  prefs.write({ sound: true, keys: false });
  assert.deepEqual(prefs.read(), { sound: true, notify: true, keys: false });

  account = { sound: false, notify: false };
  assert.deepEqual(prefs.read(), { sound: false, notify: false, keys: false }, "what has nothing to do with it stays");

  prefs.write({ notify: true });
  assert.deepEqual(new PrefStore(store, () => account).read(), { sound: false, notify: true, keys: false });
});

test("what a browser had chosen before there was anything in the account stays", () => {
  const store = safeStore(() => undefined);
  store.set(PrefStore.KEY, JSON.stringify({ sound: false }));
  assert.equal(new PrefStore(store, () => ({ sound: true, notify: false })).read().sound, false);
});
