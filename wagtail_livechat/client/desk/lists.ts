import type { DeskConversation, Offer } from "../shared/protocol";

export interface Lists {
  readonly waiting: readonly DeskConversation[];
  readonly mine: readonly DeskConversation[];
  readonly others: readonly DeskConversation[];
}

/** Who has waited longest is first; of one's own, those that wait for an answer come before the rest, the ended last. */
export function sortIntoLists(conversations: readonly DeskConversation[]): Lists {
  const waiting: DeskConversation[] = [];
  const mine: DeskConversation[] = [];
  const others: DeskConversation[] = [];
  for (const conversation of conversations) {
    if (conversation.state === "queued" || conversation.state === "offline") waiting.push(conversation);
    else if (conversation.mine) mine.push(conversation);
    else if (conversation.state === "active") others.push(conversation);
  }
  waiting.sort((a, b) => compare(a.queued_at ?? a.created_at, b.queued_at ?? b.created_at));
  mine.sort((a, b) => urgency(a) - urgency(b) || byTime(a, b));
  others.sort((a, b) => -compare(lastTime(a), lastTime(b)));
  return { waiting, mine, others };
}

/** The visitor had the last word. */
export function needsReply(conversation: DeskConversation): boolean {
  return conversation.state === "active" && conversation.mine && conversation.preview_author === "visitor";
}

export function lastTime(conversation: DeskConversation): string {
  return conversation.last_message_at ?? conversation.created_at;
}

/** How many things wait for this operator: the number in the title. */
export function countOfWaiting(conversations: readonly DeskConversation[], offers: readonly Offer[]): number {
  return offers.length + conversations.filter(({ mine, unread }) => mine && unread > 0).length;
}

function urgency(conversation: DeskConversation): number {
  if (conversation.state === "ended") return conversation.unread ? 1 : 3;
  return needsReply(conversation) ? 0 : 2;
}

function byTime(a: DeskConversation, b: DeskConversation): number {
  const order = compare(lastTime(a), lastTime(b));
  return urgency(a) === 0 ? order : -order;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
