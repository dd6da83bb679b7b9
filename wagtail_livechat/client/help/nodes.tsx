import type { ComponentChildren, JSX } from "preact";
import { jsx } from "preact/jsx-runtime";

import type { Node } from "./contract";

// The server sends nothing else. That it is looked at again here costs little, and no mistake there becomes markup here.
const TAGS =
  " p h2 h3 h4 ul ol li b strong i em code pre blockquote br hr figure figcaption table thead tbody tr th td details summary div a img video source ";
const PLAIN = " alt width height start ";
const CLASSES = /^(callout(-info|-tip|-warning)?|steps|embed)$/;
const LINK = /^(https?:|mailto:|tel:)/i;
const MEDIA = /^https?:/i;

/** An answer as elements of ours: no markup is ever parsed, so there is nothing that could run. */
export function draw(nodes: readonly Node[]): ComponentChildren[] {
  return nodes.map((node, i) => (typeof node === "string" ? node : element(node, i)));
}

function element([tag, attributes, children]: Exclude<Node, string>, key: number): ComponentChildren {
  if (!TAGS.includes(` ${tag} `)) return draw(children ?? []);
  const given = checked(tag, attributes ?? {});
  // A link to nowhere that we would follow is text.
  if (tag === "a" && !given.href) return draw(children);
  if ((tag === "img" || tag === "source") && !given.src) return null;
  const inside = children?.length ? draw(children) : undefined;
  // The answer's title is a heading of the window: what is below it goes one step down.
  const name = { h2: "h4", h3: "h5", h4: "h6" }[tag] ?? tag;
  const drawn = jsx(name as "p", { ...given, children: inside } as object, String(key));
  return tag === "table" || tag === "pre" ? (
    <div class="h-wide" tabIndex={0} role="group" key={key}>
      {drawn}
    </div>
  ) : (
    drawn
  );
}

function checked(tag: string, attributes: Record<string, string | number | boolean>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (PLAIN.includes(` ${name} `)) out[name] = value;
    else if (name === "class") out.class = String(value).split(" ").filter((one) => CLASSES.test(one)).join(" ") || undefined;
    else if (name === "href" && tag === "a") out.href = address(String(value), LINK);
    else if ((name === "src" || name === "poster") && tag !== "a") out[name] = address(String(value), MEDIA);
  }
  if (tag === "a") return { ...out, target: "_blank", rel: "noopener" };
  if (tag === "img") return { alt: "", ...out, loading: "lazy", decoding: "async" };
  if (tag === "video") return { ...out, controls: true, preload: "metadata", playsInline: true };
  return out;
}

/** The address, if it has one of these schemes once it is whole; else nothing. */
function address(value: string, schemes: RegExp): string | undefined {
  try {
    const { href } = new URL(value, location.href);
    return schemes.test(href) ? href : undefined;
  } catch {
    return undefined;
  }
}

/** `text` with the words marked that begin as one of a search does. */
export function marked(text: string, question: string): ComponentChildren[] {
  const words = question.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [];
  return text
    .split(/([\p{L}\p{N}]+)/u)
    .map((part, i): JSX.Element | string =>
      i % 2 && words.some((word) => part.toLowerCase().startsWith(word)) ? <mark key={i}>{part}</mark> : part,
    );
}
