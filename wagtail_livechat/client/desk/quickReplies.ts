import type { DeskConversation, QuickReply } from "../shared/protocol";

const PLACEHOLDER = /<([\p{L}_][\p{L}\p{N}_-]*)>/gu;
const TYPED = /(?:^|\s)\/([\p{L}\p{N}_-]*)$/u;

export type Values = Readonly<Record<string, string>>;

/** What the placeholders stand for in a conversation. A name that is hidden is none: nobody is greeted with stars. */
export function valuesFor(conversation: DeskConversation, operator: string): Values {
  const { name, masked } = conversation.visitor;
  return {
    name: masked?.includes("name") ? "" : name,
    case: conversation.case_number,
    operator,
    company: conversation.company,
  };
}

/** `text` with its placeholders filled in. One without a value stays, so that it is seen. */
export function filled(text: string, values: Values): string {
  return text.replace(PLACEHOLDER, (all, name: string) => (Object.hasOwn(values, name) && values[name]) || all);
}

/** Placeholders in a text that began as a quick reply: nothing could be put in their place. Each once. */
export function leftovers(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map(([, name]) => name!))];
}

/** What was typed after a `/` that begins a word, up to the caret; null if there is none. */
export function typedQuery(beforeCaret: string): string | null {
  return TYPED.exec(beforeCaret)?.[1] ?? null;
}

/** Those for this conversation's department and language, in the order that editors gave them. */
export function fitting(replies: readonly QuickReply[], conversation: DeskConversation): readonly QuickReply[] {
  const language = base(conversation.language || conversation.visitor.language);
  return replies.filter(
    (reply) =>
      (reply.department === undefined || reply.department === conversation.department?.id) &&
      (!reply.language || !language || base(reply.language) === language),
  );
}

/** Those that `query` finds: by the beginning of the shortcut first, then of a word of the name, then anywhere. */
export function matching(replies: readonly QuickReply[], query: string): readonly QuickReply[] {
  const wanted = query.trim().toLocaleLowerCase();
  if (!wanted) return replies;
  const rank = ({ shortcut, name, text }: QuickReply): number => {
    const title = name.toLocaleLowerCase();
    if (shortcut.toLocaleLowerCase().startsWith(wanted)) return 0;
    if (title.split(/\s+/).some((word) => word.startsWith(wanted))) return 1;
    if (title.includes(wanted)) return 2;
    return text.toLocaleLowerCase().includes(wanted) ? 3 : 4;
  };
  return replies
    .map((reply) => ({ reply, rank: rank(reply) }))
    .filter(({ rank }) => rank < 4)
    .sort((a, b) => a.rank - b.rank)
    .map(({ reply }) => reply);
}

function base(language: string): string {
  return language.toLowerCase().split("-")[0]!;
}
