import type { SiteState } from "../shared/protocol";

/** The answer of GET boot: the same for every visitor. */
export interface Boot {
  version: number;
  enabled: boolean;
  /** There is no launcher on this page, unless a conversation goes on or a link on the page opens the chat. */
  hidden?: boolean;
  state: SiteState;
  /** When the site opens next, if its opening hours close it now. */
  opens_at?: string | null;
  /** What the launcher says. */
  label: string;
  /** `state` in the visitor's language. */
  state_label: string;
  /** The site's own pictures in place of the launcher's look. */
  pictures?: Record<"online" | "offline", string | null>;
  /** Auto-messages whose hour it is, the most important first. */
  messages?: AutoMessage[];
  /** What closes one, for screen readers. */
  close_label: string;
  /** Where they are counted. */
  auto: string;
  color: string;
  ink: string;
  corner: "start" | "end";
  dir: "ltr" | "rtl";
  lang: string;
  /** Address of the widget's code. */
  widget: string;
  /** Address of the widget's config. */
  config: string;
  site: number;
}

export interface AutoMessage {
  id: number;
  name: string;
  text: string;
  /** A part of the page's address; empty for all. */
  address: string;
  daily: boolean;
  /** Seconds before it is shown. */
  delay: number;
  /** Seconds for which it is shown; 0: until it is closed. */
  seconds: number;
}

/** What the loader gives to the widget: a place to draw in, and the launcher to show things on. */
export interface Launcher {
  readonly host: HTMLElement;
  readonly root: ShadowRoot;
  readonly button: HTMLButtonElement;
  readonly boot: Boot;
  /** The Wagtail page that the visitor is on, where the tag knew it. */
  readonly page: number | null;
  /** The auto-message that the visitor came in by. */
  auto?: AutoMessage;
  styles(css: string): void;
  /** Fetches and runs a further script of ours. */
  script(url: string): Promise<unknown>;
  /** The window is (not) open. */
  opened(isOpen: boolean, closeLabel: string): void;
  unread(count: number, label: string): void;
  /** What a live line says about the site is newer than what boot said. */
  state(state: SiteState, label: string): void;
}

/** What the widget gives back. */
export interface Widget {
  /** `byPerson`: a person asked for it just now, so the focus may follow. */
  open(byPerson: boolean): void;
  close(): void;
  isOpen(): boolean;
}

/** Meeting place of two scripts that cannot import each other. */
export interface Meeting {
  loader?: true;
  widget?: (launcher: Launcher) => Promise<Widget>;
  /** What the widget lends to its lazy parts. */
  runtime?: unknown;
  /** What the forms' script gives back. */
  forms?: unknown;
  /** What the link or button says that the chat is opened by: its department, signed, and the first words. */
  opener?: DOMStringMap | undefined;
  /** What the help's script gives back. */
  help?: unknown;
  /** In a frame: the address of the page around it, which the visitor is on. */
  href?: string;
  /** For the page's own code. */
  open?: () => void;
  close?: () => void;
}

declare global {
  interface Window {
    wagtailLivechat?: Meeting;
  }
}

/** Names in the visitor's storage. Nothing is written under them before the chat is opened. */
export const storageKey = (site: number, name: string): string => `livechat:${site}:${name}`;
