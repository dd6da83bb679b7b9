import type { DeskConversation, Offer, OperatorPresence, PresenceStatus, TeamConversation } from "../shared/protocol";

export interface Lists {
  readonly waiting: readonly DeskConversation[];
  readonly mine: readonly DeskConversation[];
  readonly others: readonly DeskConversation[];
}

/** What a colleague asks comes first, then who has waited longest; of one's own, those that wait for an answer come before the rest, the ended last. */
export function sortIntoLists(conversations: readonly DeskConversation[]): Lists {
  const waiting: DeskConversation[] = [];
  const mine: DeskConversation[] = [];
  const others: DeskConversation[] = [];
  for (const conversation of conversations) {
    if (isWaiting(conversation)) waiting.push(conversation);
    else if (conversation.mine) mine.push(conversation);
    else if (conversation.state === "active") others.push(conversation);
  }
  waiting.sort(
    (a, b) => Number(a.state === "queued") - Number(b.state === "queued") || compare(a.queued_at ?? a.created_at, b.queued_at ?? b.created_at),
  );
  mine.sort((a, b) => urgency(a) - urgency(b) || byTime(a, b));
  others.sort((a, b) => -compare(lastTime(a), lastTime(b)));
  return { waiting, mine, others };
}

/** Somebody has to deal with it, or to say yes: to a visitor in the queue, or to a colleague who hands over or asks in. */
export function isWaiting({ state, mine, offer }: DeskConversation): boolean {
  return state === "queued" || state === "offline" || (state === "active" && !mine && offer !== undefined);
}

/** The visitor had the last word. */
export function needsReply(conversation: DeskConversation): boolean {
  return conversation.state === "active" && conversation.mine && conversation.preview_author === "visitor";
}

export function lastTime(conversation: DeskConversation): string {
  return conversation.last_message_at ?? conversation.created_at;
}

/** How many things wait for this operator: the number in the title. */
export function countOfWaiting(
  conversations: readonly DeskConversation[],
  offers: readonly Offer[],
  team: readonly TeamConversation[],
): number {
  const own = conversations.filter(({ mine, unread }) => mine && unread > 0).length;
  return offers.length + own + team.filter(({ unread }) => unread > 0).length;
}

export interface Colleague {
  /** null: they were removed, and only what was written is left. */
  readonly operator: number | null;
  readonly name: string;
  readonly picture?: string | undefined;
  readonly status: PresenceStatus;
  readonly talk: TeamConversation | undefined;
}

const RANK = { available: 0, rona: 1, away: 1, offline: 2 };

/** Whoever wrote something new comes first, then who is there, each by name. */
export function colleagues(
  operators: readonly OperatorPresence[],
  team: readonly TeamConversation[],
  me: number,
): readonly Colleague[] {
  const present = operators
    .filter(({ id }) => id !== me)
    .map(
      ({ id, name, picture, status }): Colleague => ({
        operator: id,
        name,
        picture,
        status,
        talk: team.find(({ members }) => members.some((member) => member.id === id)),
      }),
    );
  const gone = team
    .filter((talk) => talk.last_seq > 0 && !present.some((one) => one.talk === talk))
    .map((talk): Colleague => ({ operator: null, name: talk.name, picture: undefined, status: "offline", talk }));
  const isNew = ({ talk }: Colleague): number => Number(!talk?.unread);
  return [...present, ...gone].sort(
    (a, b) => isNew(a) - isNew(b) || RANK[a.status] - RANK[b.status] || a.name.localeCompare(b.name),
  );
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
