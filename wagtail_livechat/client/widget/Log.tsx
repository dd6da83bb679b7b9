import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Pending } from "../shared/outbox";
import type { Entry, VisitorConversation } from "../shared/protocol";
import { Avatar } from "./Avatar";
import { useText, useView } from "./context";
import type { TextKey } from "./config";
import { Icon, type IconName } from "./icons";
import { Lazy } from "./Lazy";
import { MessageText } from "./Message";

/** Messages of one author within this time form one group. */
const GROUP = 5 * 60_000;
/** So near to the end (in pixels), a new message scrolls into view. */
const NEAR = 80;
/** The log becomes a live region this long after its history is there, so that history is not read aloud. */
const SETTLE = 700;

type Bubble = { kind: "entry"; entry: Entry } | { kind: "pending"; item: Pending };

export function Log(): JSX.Element {
  const { chat, config } = useView();
  const t = useText();
  const box = useRef<HTMLDivElement>(null);
  const { conversation, isShown: isOpen, newAfter, state } = chat;
  const timeline = conversation ? state.timeline : null;
  const entries = timeline?.entries ?? [];
  const pending = chat.outbox.list().filter(({ client_id }) => !entries.some((entry) => entry.client_id === client_id));
  const floor = timeline?.floor ?? 0;

  const isSettled = useSettled(isOpen && (state.ready || !conversation), floor);
  const away = useScrolling(box, { floor, isOpen, newAfter, length: entries.length + pending.length, typing: state.typing.length });

  return (
    <div class="middle">
      <div
        class="log"
        ref={box}
        role="log"
        aria-label={t("log")}
        aria-live={isSettled ? "polite" : "off"}
        aria-relevant="additions"
        tabIndex={0}
      >
        {floor > 0 && (
          <button type="button" class="earlier" onClick={() => chat.earlier()}>
            {t("earlier")}
          </button>
        )}
        {floor === 0 && config.greeting && (
          <Row side="theirs" avatar={<Avatar name={config.company} picture={config.picture} />} isLast>
            <span class="author">{config.company}</span>
            <MessageText text={config.greeting} />
          </Row>
        )}
        {!conversation && !pending.length && chat.site !== "online" && (
          <p class="system">
            {t(chat.site === "busy" ? "busy_note" : config.forms.offline ? "leave_lead" : "offline_note")}
          </p>
        )}
        {!conversation && !pending.length && chat.site === "offline" && config.hours.length > 0 && <Lazy part="Closed" props={{}} />}
        <Rows entries={entries} pending={pending} conversation={conversation} newAfter={newAfter} />
        {/* In the timeline the order of seq counts; what is on its way has none yet and stands last. */}
      </div>
      <Typing />
      {away && (
        <button
          type="button"
          class="newest"
          aria-label={t("new_messages")}
          onClick={() => {
            box.current!.scrollTop = box.current!.scrollHeight;
          }}
        >
          <Icon name="down" />
          {away === "new" && t("new_messages")}
        </button>
      )}
    </div>
  );
}

interface RowsProps {
  entries: readonly Entry[];
  pending: Pending[];
  conversation: VisitorConversation | null;
  newAfter: number | null;
}

function Rows({ entries, pending, conversation, newAfter }: RowsProps): JSX.Element {
  const { config } = useView();
  const t = useText();
  const items: Bubble[] = [
    ...entries.map((entry): Bubble => ({ kind: "entry", entry })),
    ...pending.map((item): Bubble => ({ kind: "pending", item })),
  ];
  const firstNew = newAfter === null ? -1 : items.findIndex((b) => b.kind === "entry" && b.entry.seq > newAfter && isSaid(b.entry));
  const out: ComponentChildren[] = [];

  items.forEach((bubble, i) => {
    const before = items[i - 1];
    const after = items[i + 1];
    const at = timeOf(bubble);
    if (!before || dayOf(timeOf(before)) !== dayOf(at)) {
      out.push(
        <p class="day" key={`day${dayOf(at)}`}>
          {dayName(at, config.lang)}
        </p>,
      );
    }
    if (i === firstNew) {
      out.push(
        <p class="new" key="new">
          {t("new_messages")}
        </p>,
      );
    }
    if (bubble.kind === "entry" && bubble.entry.kind === "system") {
      out.push(<SystemLine entry={bubble.entry} key={`e${bubble.entry.seq}`} />);
      return;
    }
    const isFirst = !before || !isSameGroup(before, bubble) || i === firstNew;
    const isLast = !after || !isSameGroup(bubble, after) || i + 1 === firstNew;
    // The key outlives the acknowledgement: the bubble stays the same element when its entry arrives.
    if (bubble.kind === "pending") {
      out.push(<PendingRow item={bubble.item} isFirst={isFirst} isLast={isLast} key={`c${bubble.item.client_id}`} />);
    } else {
      const { entry } = bubble;
      const key = entry.client_id ? `c${entry.client_id}` : `e${entry.seq}`;
      out.push(<EntryRow entry={entry} conversation={conversation} isFirst={isFirst} isLast={isLast} key={key} />);
    }
  });
  return <>{out}</>;
}

interface EntryRowProps {
  entry: Entry;
  conversation: VisitorConversation | null;
  isFirst: boolean;
  isLast: boolean;
}

function EntryRow({ entry, conversation, isFirst, isLast }: EntryRowProps): JSX.Element {
  const { config } = useView();
  const t = useText();
  const isMine = entry.author.kind === "visitor";
  const name = entry.author.name || config.company;
  const picture = entry.author.picture ?? conversation?.operators.find(({ id }) => id === entry.author.id)?.picture;
  const { delivered = 0, seen = 0 } = conversation?.receipts ?? {};
  const mark: [TextKey, IconName] =
    entry.seq <= seen ? ["seen", "ticks"] : entry.seq <= delivered ? ["delivered", "ticks"] : ["sent", "tick"];
  return (
    <Row
      side={isMine ? "mine" : "theirs"}
      isLast={isLast}
      avatar={!isMine && isLast && <Avatar name={name} picture={picture} />}
    >
      {isFirst ? <span class={isMine ? "hidden" : "author"}>{isMine ? t("you") : name}</span> : null}
      {entry.kind === "attachment" ? <Lazy part="File" props={{ entry }} /> : <MessageText text={entry.text} />}
      {isLast && (
        <p class="meta">
          <time dateTime={entry.created_at}>{clock(Date.parse(entry.created_at), config.lang)}</time>
          {isMine && (
            <span class={`mark ${mark[0]}`} title={t(mark[0])}>
              <Icon name={mark[1]} />
              <span class="hidden">{t(mark[0])}</span>
            </span>
          )}
        </p>
      )}
    </Row>
  );
}

function PendingRow({ item, isFirst, isLast }: { item: Pending; isFirst: boolean; isLast: boolean }): JSX.Element {
  const { config } = useView();
  const t = useText();
  return (
    <Row side="mine" isLast={isLast || !!item.refused} state={item.refused ? "refused" : "pending"}>
      {isFirst && <span class="hidden">{t("you")}</span>}
      <MessageText text={item.text} />
      {item.refused ? (
        <Lazy part="Refused" props={{ item }} />
      ) : (
        isLast && (
          <p class="meta">
            <time>{clock(item.at, config.lang)}</time>
            <span class="mark" title={t("sending")}>
              <Icon name="clock" />
              <span class="hidden">{t("sending")}</span>
            </span>
          </p>
        )
      )}
    </Row>
  );
}

interface RowProps {
  side: "mine" | "theirs";
  isLast: boolean;
  state?: string;
  avatar?: ComponentChildren;
  children: ComponentChildren;
}

function Row({ side, isLast, state = "", avatar, children }: RowProps): JSX.Element {
  return (
    <div class={`row ${side} ${isLast ? "last" : ""} ${state}`}>
      {side === "theirs" && <span class="face">{avatar}</span>}
      <div class="bubble">{children}</div>
    </div>
  );
}


function SystemLine({ entry }: { entry: Entry }): JSX.Element | null {
  const t = useText();
  const { config } = useView();
  const { event, by, reason, to } = entry.data;
  const name = entry.author.name;
  let text = entry.text;
  if (event === "ended") {
    if (by === "visitor") text = t("event_ended_by_you");
    else if (by === "operator" && name) text = t("event_ended_by", { name });
    else text = t(reason === "idle" ? "event_ended_idle" : "event_ended");
  } else if (`event_${event}` in config.texts) {
    text = t(`event_${event}` as TextKey, { name, to: String(to) });
  }
  // An event that this version does not know, without a text of its own, is nothing to show.
  return text ? <p class="system">{text}</p> : null;
}

function Typing(): JSX.Element {
  const { chat, config } = useView();
  const t = useText();
  const { conversation } = chat;
  const typist = conversation ? chat.state.typing[0] : undefined;
  const name = typist?.name || conversation?.operators.find(({ id }) => id === typist?.id)?.name || config.company;
  return (
    <div class="typing" role="status">
      {typist && (
        <>
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span>{t("typing", { name })}</span>
        </>
      )}
    </div>
  );
}

// --------------------------------------------------------------------------------------------------- behaviour

/** True once the history has stood still for a moment; false again while older history is put in. */
function useSettled(isReady: boolean, floor: number): boolean {
  const [settled, setSettled] = useState<number | null>(null);
  useEffect(() => {
    if (!isReady) return setSettled(null);
    const timer = setTimeout(() => setSettled(floor), SETTLE);
    return () => clearTimeout(timer);
  }, [isReady, floor]);
  return settled === floor;
}

interface Watched {
  floor: number;
  isOpen: boolean;
  newAfter: number | null;
  length: number;
  typing: number;
}

/**
 * Keeps the end in view while the reader is there, and the place where they read while they are not. Returns whether they
 * are away from the end, and whether something new came there meanwhile.
 */
function useScrolling(box: { current: HTMLDivElement | null }, watched: Watched): "" | "away" | "new" {
  const [away, setAway] = useState<"" | "away" | "new">("");
  const was = useRef({ ...watched, height: 0, top: 0, isNear: true, isOpen: false });

  useLayoutEffect(() => {
    const log = box.current!;
    const old = was.current;
    if (watched.isOpen && !old.isOpen) {
      const mark = log.querySelector<HTMLElement>(".new");
      log.scrollTop = mark ? mark.offsetTop - 40 : log.scrollHeight;
    } else if (watched.floor < old.floor) {
      log.scrollTop = old.top + log.scrollHeight - old.height;
    } else if (old.isNear) {
      log.scrollTop = log.scrollHeight;
    }
    remember();
  });

  function remember(): void {
    const log = box.current;
    if (!log) return;
    const isNear = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    const grown = watched.length > was.current.length && watched.floor === was.current.floor;
    was.current = { ...watched, height: log.scrollHeight, top: log.scrollTop, isNear };
    setAway((old) => (isNear || !watched.isOpen ? "" : grown || old === "new" ? "new" : "away"));
  }

  const latest = useRef(remember);
  latest.current = remember;
  useEffect(() => {
    const log = box.current!;
    const onScroll = (): void => latest.current();
    log.addEventListener("scroll", onScroll, { passive: true });
    // The keyboard of a phone, the growing text field: the end stays in view.
    const observer = new ResizeObserver(() => {
      if (was.current.isNear) log.scrollTop = log.scrollHeight;
    });
    observer.observe(log);
    return () => {
      log.removeEventListener("scroll", onScroll);
      observer.disconnect();
    };
  }, []);
  return away;
}

// -------------------------------------------------------------------------------------------------- small things

function isSaid(entry: Entry): boolean {
  return entry.kind !== "system" && entry.author.kind !== "visitor";
}

function isSameGroup(a: Bubble, b: Bubble): boolean {
  return authorOf(a) === authorOf(b) && timeOf(b) - timeOf(a) < GROUP && dayOf(timeOf(a)) === dayOf(timeOf(b));
}

function authorOf(bubble: Bubble): string {
  if (bubble.kind === "pending") return "visitor";
  const { kind, author } = bubble.entry;
  return kind === "system" ? "system" : author.kind === "visitor" ? "visitor" : `${author.kind} ${author.id ?? ""}`;
}

function timeOf(bubble: Bubble): number {
  return bubble.kind === "entry" ? Date.parse(bubble.entry.created_at) : bubble.item.at;
}

function dayOf(time: number): string {
  return new Date(time).toDateString();
}

/** "Today", "Yesterday", or the date, as the language says it. */
function dayName(time: number, lang: string): string {
  const day = 86_400_000;
  const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
  const ago = Math.round((midnight(Date.now()) - midnight(time)) / day);
  const words =
    ago < 2
      ? new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(-ago, "day")
      : new Intl.DateTimeFormat(lang, { weekday: "long", day: "numeric", month: "long" }).format(time);
  return words.charAt(0).toLocaleUpperCase(lang) + words.slice(1);
}

function clock(time: number, lang: string): string {
  return new Intl.DateTimeFormat(lang, { hour: "numeric", minute: "2-digit" }).format(time);
}
