import type textTable from "../texts.json";

/** Every text of the widget, in the visitor's language; the table in texts.json is where they come from. */
export type TextKey = keyof typeof textTable;

export type FieldName = "name" | "email" | "phone" | "reference" | "department" | "consent";

export interface FieldRule {
  name: FieldName;
  required: boolean;
}

export interface Forms {
  prechat: FieldRule[];
  /** null: there is no such form; what is written while nobody is there waits in the queue. */
  offline: FieldRule[] | null;
  departments: { id: number; name: string }[];
  /** What is consented to. */
  consent: string;
  /** Which sentence that is. It is the answer of who ticks the box, so that nobody is taken to have agreed to another one. */
  consent_id: string;
  /** Seconds until who waits is asked for an address; 0: never. */
  no_answer: number;
}

/** Where answers are that nobody has to be asked for. */
export interface Help {
  faq: boolean;
  articles: boolean;
  url: string;
  /** Address of the code for it. */
  script: string;
}

/** What the window shows: the chat, or the answers beside it. */
export type Pane = "chat" | "faq" | "help";

/** The panes that there is something in. */
export function panesOf({ help }: Pick<Config, "help">): Pane[] {
  return ["chat", ...(help?.faq ? ["faq" as const] : []), ...(help?.articles ? ["help" as const] : [])];
}

/** The answer of GET config: the same for every visitor of a site in one language. */
export interface Config {
  version: number;
  site: number;
  lang: string;
  dir: "ltr" | "rtl";
  company: string;
  greeting: string;
  /** Opening hours in words, a line each; none if the site does not go by hours. */
  hours: string[];
  /** The time zone of the opening hours. */
  zone: string;
  sound: boolean;
  logo: string | null;
  /** Beside the greeting. */
  picture: string | null;
  limits: { message: number };
  forms: Forms;
  /** Endings of files that may be sent, and how large they may be; no endings: none may. */
  files: { types: string[]; bytes: number };
  urls: { socket: string | null; session: string; commands: string; events: string; upload: string; forms: string };
  /** null or missing: there is nothing to look up. */
  help?: Help | null;
  texts: Record<TextKey, string>;
}
