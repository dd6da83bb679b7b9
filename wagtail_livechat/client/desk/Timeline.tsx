import { Component, createRef, type ComponentChild } from "preact";

import { Icon } from "../offers/Icon";
import type { Entry, Receipts } from "../shared/protocol";
import type { Pending } from "../shared/outbox";
import type { TimelineState } from "../shared/timeline";
import type { Typist } from "../shared/typing";
import type { DeskApp } from "./app";
import { PendingBubble } from "./Bubble";
import { Chunk, type Ticks } from "./Chunk";

export interface TimelineProps {
  app: DeskApp;
  /** The other side's. */
  receipts: Receipts;
  /** What the visitor, or the colleague, is called. */
  name: string;
  /** Between colleagues: the other one stands where the visitor stands elsewhere. */
  isTeam?: boolean;
  canWrite: boolean;
  timeline: TimelineState | undefined;
  pending: readonly Pending[];
  typing: readonly Typist[] | undefined;
  isFetching: boolean;
  isLive: boolean;
  /** Messages that are being chosen, if any are. */
  picked?: ReadonlySet<number> | null;
}

interface Place {
  isAtEnd: boolean;
  anchor: Element | null;
  top: number;
}

/** Entries that are drawn, and left undrawn, together. */
const CHUNK = 40;
/** Entries that are drawn at first, and more with each scroll to the top: coming back to a long conversation is quick. */
const DRAWN = 160;
const NEAR = 48;
const OLDER_WITHIN = 400;

/**
 * The conversation as it went. Stays at its end while the reader is there, stays where the reader is otherwise.
 *
 * Entries are drawn in chunks that the browser skips while out of sight (content-visibility), and that are not drawn again
 * when something happens elsewhere: 2,000 entries stay light.
 */
export class Timeline extends Component<TimelineProps, { isBelow: boolean; from: number | null }> {
  private readonly scroller = createRef<HTMLDivElement>();
  private readonly content = createRef<HTMLDivElement>();
  private observer: ResizeObserver | undefined;
  private isAtEnd = true;

  /** `from`: the first seq that is drawn; null until there is something to draw. */
  override state: { isBelow: boolean; from: number | null } = { isBelow: false, from: null };

  static override getDerivedStateFromProps(
    { timeline }: TimelineProps,
    { from }: { from: number | null },
  ): { from: number } | null {
    return from === null && timeline?.entries.length ? { from: earlier(timeline, Infinity) } : null;
  }

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
    if ((this.props.timeline?.floor ?? 0) < (before.timeline?.floor ?? 0)) this.drawMore();
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
    if (box.scrollTop < OLDER_WITHIN && box.scrollHeight > box.clientHeight) this.older();
  };

  /** Draws what is here already, else asks for more. */
  private older = (): void => {
    const { timeline, app, isFetching } = this.props;
    if (!timeline?.loaded) return;
    if (this.hidesSome(timeline)) this.drawMore();
    else if (timeline.floor > 0 && !isFetching) app.following.fetchOlder(timeline.conversation);
  };

  private drawMore(): void {
    const { timeline } = this.props;
    if (timeline) this.setState(({ from }) => ({ from: earlier(timeline, from ?? Infinity) }));
  }

  private hidesSome(timeline: TimelineState): boolean {
    return (timeline.entries[0]?.seq ?? 0) < (this.state.from ?? 0);
  }

  override render(): ComponentChild {
    const { app, timeline, pending, isLive, canWrite } = this.props;
    const { t } = app;
    // For the moment between the stored entry's arrival and the outbox's knowing of it.
    const stored = new Set(pending.length ? timeline?.entries.map(({ client_id }) => client_id) : []);
    return (
      <div class="lcd-timeline">
        <div class="lcd-timeline__scroll" ref={this.scroller} onScroll={this.onScroll} tabIndex={0} aria-label={t("timeline")} role="log" aria-live="off">
          <div class="lcd-timeline__content" ref={this.content}>
            {timeline?.loaded ? this.beginning(timeline) : <p class="lcd-timeline__edge">{t("loading")}</p>}
            {timeline?.loaded && chunks(timeline, this.props, this.state.from ?? 0)}
            {pending
              .filter(({ client_id }) => !stored.has(client_id))
              .map((item) => (
                <PendingBubble key={item.client_id} app={app} item={item} isLive={isLive} canWrite={canWrite} />
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
    if (timeline.floor <= 0 && !this.hidesSome(timeline)) return <p class="lcd-timeline__edge">{t("beginning")}</p>;
    return (
      <p class="lcd-timeline__edge">
        {isFetching ? (
          t("older_loading")
        ) : (
          <button type="button" class="button button-small button-secondary" onClick={this.older}>
            {t("older")}
          </button>
        )}
      </p>
    );
  }

  private typing(): ComponentChild {
    const { app, typing, name } = this.props;
    const names = (typing ?? []).map((typist) => typist.name || name);
    if (!names.length) return null;
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

/** The seq of the entry DRAWN entries before `seq`, rounded down to where a chunk begins. */
function earlier({ entries }: TimelineState, seq: number): number {
  const at = entries.findIndex((entry) => entry.seq >= seq);
  const first = entries[Math.max(0, (at < 0 ? entries.length : at) - DRAWN)]?.seq ?? 0;
  return Math.floor(first / CHUNK) * CHUNK;
}

/** Cut by seq, so that a chunk keeps its entries when earlier ones are loaded. */
function chunks(timeline: TimelineState, { app, receipts, name, isTeam, picked }: TimelineProps, drawnFrom: number): ComponentChild[] {
  const found: ComponentChild[] = [];
  const { entries } = timeline;
  const { delivered, seen } = receipts;
  for (let from = Math.max(0, entries.findIndex(({ seq }) => seq >= drawnFrom)); from < entries.length; ) {
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
        name={name}
        isTeam={isTeam ?? false}
        picked={picked ?? null}
        isLast={to === entries.length}
        mayReveal={app.view.mayReveal}
        revealed={app.view.revealed[timeline.conversation]}
      />,
    );
    from = to;
  }
  return found;
}
