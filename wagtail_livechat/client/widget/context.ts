import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { Launcher } from "../loader/contract";
import { fill } from "../shared/text";
import type { Chat } from "./chat";
import type { Config, TextKey } from "./config";

export interface View {
  chat: Chat;
  config: Config;
  launcher: Launcher;
  /** Closes the window and gives the focus back. */
  close: () => void;
  /** Something that the person did: from now on the browser lets us make a sound. */
  gesture: () => void;
}

/** Enough of a question is there, before there is a chat, to look for what answers it. */
export const suggests = ({ config, draft }: Chat): boolean => !!config.help && draft.trim().length > 3;

const ViewContext = createContext<View>(null as unknown as View);

export const ViewProvider = ViewContext.Provider;
export const useView = (): View => useContext(ViewContext);

/** A text in the visitor's language. A key that the server did not send is better shown than nothing at all. */
export function useText(): (key: TextKey, values?: Record<string, string | number>) => string {
  const { texts } = useView().config;
  return (key, values) => fill(texts[key] ?? key, values ?? {});
}
