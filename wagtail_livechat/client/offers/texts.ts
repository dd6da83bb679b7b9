import { fill } from "../shared/text";

/** The server's translated strings, by key. A missing one shows its key, so that it is noticed. */
export type Texts = Readonly<Record<string, string>>;

export type Translate = (key: string, values?: Record<string, string | number>) => string;

export const translator =
  (texts: Texts): Translate =>
  (key, values = {}) =>
    fill(texts[key] ?? key, values);
