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
  /** Seconds until who waits is asked for an address; 0: never. */
  no_answer: number;
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
  texts: Record<TextKey, string>;
}
