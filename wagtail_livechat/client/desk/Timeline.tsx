import { Component, createRef, type ComponentChild } from "preact";

import { Icon } from "../offers/Icon";
import type { DeskConversation, Entry } from "../shared/protocol";
import type { Pending } from "../shared/outbox";
import type { TimelineState } from "../shared/timeline";
import type { Typist } from "../shared/typing";
import type { DeskApp } from "./app";
import { PendingBubble } from "./Bubble";
import { Chunk, type Ticks } from "./Chunk";

export interface TimelineProps {
  app: DeskApp;
  conversation: DeskConversation;
  timeline: TimelineState | undefined;
  pending: readonly Pending[];
  typing: readonly Typist[] | undefined;
  isFetching: boolean;
  isLive: boolean;
}

interface Place {
  isAtEnd: boolean;
  anchor: Element | null;
  top: number;
}

/** Entries that are drawn, and left undrawn, together. */
const CHUNK = 40;
const NEAR = 48;
const OLDER_WITHIN = 400;

/**
 * The conversation as it went. Stays at its end while the reader is there, stays where the reader is otherwise.
 *
 * Entries are drawn in chunks that the browser skips while out of sight (content-visibility), and that are not drawn again
 * when something happens elsewhere: 2,000 entries stay light.
 */
export class Timeline extends Component<TimelineProps, { isBelow: boolean }> {
  private readonly scroller = createRef<HTMLDivElement>();
  private readonly content = createRef<HTMLDivElement>();
  private observer: ResizeObserver | undefined;
  private isAtEnd = true;

  override state = { isBelow: false };

  override componentDidMount(): void {
    this.toEnd();
    // What is drawn late (fonts, chunks that come into sight) must not move the end away.
    this.observer = new ResizeObserver(() => this.isAtEnd && this.toEnd());
    if (this.content.current) this.observer.observe(this.content.current);
    if (this.scroller.current) this.observer.observe(this.scroller.current);
  }

  override componentWillUnmount(): void {
    this.observer?.disconnect();
  }

  override getSnapshotBeforeUpdate(): Place {
    const box = this.scroller.current!;
    const edge = box.getBoundingClientRect().top;
    const anchor = this.isAtEnd
      ? null
      : ([...box.querySelectorAll("[data-seq]")].find((element) => element.getBoundingClientRect().bottom > edge) ?? null);
    return { isAtEnd: this.isAtEnd, anchor, top: anchor?.getBoundingClientRect().top ?? 0 };
  }

  override componentDidUpdate(before: TimelineProps, _: object, place: Place): void {
    const box = this.scroller.current!;
    const wrote = this.props.pending.length > before.pending.length;
    if (place.isAtEnd || wrote || !before.timeline?.loaded) this.toEnd();
    else if (place.anchor?.isConnected) box.scrollTop += place.anchor.getBoundingClientRect().top - place.top;
    const added = (this.props.timeline?.cursor ?? 0) > (before.timeline?.cursor ?? 0);
    if (added && !this.isAtEnd && !this.state.isBelow) this.setState({ isBelow: true });
  }

  private toEnd = (): void => {
    const box = this.scroller.current;
    if (!box) return;
    box.scrollTop = box.scrollHeight;
    this.onScroll();
  };

  private onScroll = (): void => {
    const box = this.scroller.current;
    if (!box) return;
    this.isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    if (this.isAtEnd && this.state.isBelow) this.setState({ isBelow: false });
    this.props.app.scrolled(this.isAtEnd);
    const { timeline, app, isFetching } = this.props;
    if (box.scrollTop < OLDER_WITHIN && box.scrollHeight > box.clientHeight && timeline?.loaded && timeline.floor > 0 && !isFetching) {
      app.fetchOlder(timeline.conversation);
    }
  };

  override render(): ComponentChild {
    const { app, timeline, pending, isLive, conversation } = this.props;
    const { t } = app;
    const stored = new Set(timeline?.entries.flatMap(({ client_id }) => (client_id ? [client_id] : [])));
    return (
      <div class="lcd-timeline">
        <div class="lcd-timeline__scroll" ref={this.scroller} onScroll={this.onScroll} tabIndex={0} aria-label={t("timeline")} role="log" aria-live="off">
          <div class="lcd-timeline__content" ref={this.content}>
            {timeline?.loaded ? this.beginning(timeline) : <p class="lcd-timeline__edge">{t("loading")}</p>}
            {timeline?.loaded && chunks(timeline, conversation, app)}
            {pending
              .filter(({ client_id }) => !stored.has(client_id))
              .map((item) => (
                <PendingBubble key={item.client_id} app={app} item={item} isLive={isLive} />
              ))}
            {this.typing()}
          </div>
        </div>
        {this.state.isBelow && (
          <button type="button" class="lcd-jump button button-small" onClick={this.toEnd} title={t("jump")}>
            <Icon name="arrow-down" /> {t("new_below")}
          </button>
        )}
      </div>
    );
  }

  private beginning(timeline: TimelineState): ComponentChild {
    const { app, isFetching } = this.props;
    const { t } = app;
    if (timeline.floor <= 0) return <p class="lcd-timeline__edge">{t("beginning")}</p>;
    return (
      <p class="lcd-timeline__edge">
        {isFetching ? (
          t("older_loading")
        ) : (
          <button type="button" class="button button-small button-secondary" onClick={() => app.fetchOlder(timeline.conversation)}>
            {t("older")}
          </button>
        )}
      </p>
    );
  }

  private typing(): ComponentChild {
    const { app, typing, conversation } = this.props;
    const names = (typing ?? []).map(({ name }) => name || app.name(conversation));
    if (!names.length || conversation.state === "ended") return null;
    return (
      <p class="lcd-typing">
        <span class="lcd-typing__dots" aria-hidden="true">
          <span />
          <span />
          <span />
        </span>
        {app.t("typing", { name: names.join(", ") })}
      </p>
    );
  }
}

/** Cut by seq, so that a chunk keeps its entries when earlier ones are loaded. */
function chunks(timeline: TimelineState, conversation: DeskConversation, app: DeskApp): ComponentChild[] {
  const found: ComponentChild[] = [];
  const { entries } = timeline;
  const { delivered, seen } = conversation.receipts;
  for (let from = 0; from < entries.length; ) {
    const number = Math.floor(entries[from]!.seq / CHUNK);
    let to = from + 1;
    while (to < entries.length && Math.floor(entries[to]!.seq / CHUNK) === number) to += 1;
    const part: readonly Entry[] = entries.slice(from, to);
    const last = part[part.length - 1]!.seq;
    const first = part[0]!.seq;
    // Receipts beyond a chunk make no difference in it.
    const clamp = (seq: number): number => Math.min(Math.max(seq, first - 1), last);
    const ticks: Ticks = { delivered: clamp(delivered), seen: clamp(seen) };
    found.push(
      <Chunk
        key={number}
        app={app}
        entries={part}
        before={entries[from - 1]}
        delivered={ticks.delivered}
        seen={ticks.seen}
        visitor={app.name(conversation)}
        isLast={to === entries.length}
      />,
    );
    from = to;
  }
  return found;
}
