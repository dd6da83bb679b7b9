/** What the server's help answers: the same for every visitor of a site and language. */

export type Kind = "faq" | "article";

/** A piece of an answer: text, or an element with its attributes and what is in it. */
export type Node = string | [tag: string, attributes: Record<string, string | number | boolean>, children: Node[]];

export interface Entry {
  id: number;
  title: string;
  summary?: string;
}

export interface Category {
  id: number;
  title: string;
  icon: { box: string; paths: string[] } | null;
  color: string;
  ink: string;
  articles: Entry[];
}

/** GET "": everything that there is, by name. */
export interface Overview {
  faq: { category: string; items: Entry[] }[];
  categories: Category[];
}

export interface Found {
  kind: Kind;
  id: number;
  title: string;
  excerpt: string;
  url: string | null;
}

/** GET faq/<id>/ and article/<id>/. */
export interface Item {
  kind: Kind;
  id: number;
  title: string;
  body: Node[];
  /** What a vote is about: an answer that was rewritten is another one. */
  version: string;
  url: string | null;
  updated: string;
  author: { name: string; role: string; picture: string | null } | null;
}

/** What became of a question: nothing was found, what was found answered it, or somebody was asked all the same. */
export type Outcome = "nothing" | "answered" | "asked";
