import { Component, type ComponentChild } from "preact";

import { dayKey } from "../offers/time";
import type { Entry } from "../shared/protocol";
import type { DeskApp } from "./app";
import { Bubble, SystemLine } from "./Bubble";
import { keyOf, type RevealedHere } from "./veiled";

/** How far the visitor has got, by seq. */
export interface Ticks {
  readonly delivered: number;
  readonly seen: number;
}

interface ChunkProps extends Ticks {
  app: DeskApp;
  entries: readonly Entry[];
  /** The entry before the first one: it decides about the day's heading and the grouping. */
  before: Entry | undefined;
  name: string;
  isTeam: boolean;
  picked: ReadonlySet<number> | null;
  /** The conversation ends here: kept drawn, since its height decides where the end is. */
  isLast: boolean;
  /** Whether the way to see what is hidden is drawn. */
  mayReveal: boolean;
  revealed: RevealedHere | undefined;
}

const GROUP_WITHIN = 5 * 60_000;

/** Some entries in a row. Entries never change, so the same first and last seq mean the same entries. */
export class Chunk extends Component<ChunkProps> {
  override shouldComponentUpdate(next: ChunkProps): boolean {
    const now = this.props;
    return (
      now.entries.length !== next.entries.length ||
      now.entries[0]?.seq !== next.entries[0]?.seq ||
      now.before?.seq !== next.before?.seq ||
      now.delivered !== next.delivered ||
      now.seen !== next.seen ||
      now.name !== next.name ||
      now.picked !== next.picked ||
      now.isLast !== next.isLast ||
      now.mayReveal !== next.mayReveal ||
      now.revealed !== next.revealed
    );
  }

  override render(): ComponentChild {
    const { app, entries, before, delivered, seen, name, isTeam, picked, isLast, revealed } = this.props;
    return (
      <div class={`lcd-chunk ${isLast ? "lcd-chunk--last" : ""}`}>
        {entries.map((entry, i) => {
          const previous = entries[i - 1] ?? before;
          const newDay = !previous || dayKey(previous.created_at) !== dayKey(entry.created_at);
          const shared = { app, entry };
          return (
            <div key={entry.seq} data-seq={entry.seq}>
              {newDay && (
                <h3 class="lcd-day">
                  <span>{app.formats.dayOf(entry.created_at)}</span>
                </h3>
              )}
              {entry.kind === "system" ? (
                <SystemLine {...shared} visitor={name} />
              ) : (
                <Bubble
                  picked={picked}
                  {...shared}
                  visitor={name}
                  isTeam={isTeam}
                  isFirst={newDay || !continues(previous, entry)}
                  isLastOfGroup={!entries[i + 1] || !continues(entry, entries[i + 1]!)}
                  receipt={entry.seq <= seen ? "seen" : entry.seq <= delivered ? "delivered" : "sent"}
                  revealed={revealed?.[keyOf(entry)]}
                />
              )}
            </div>
          );
        })}
      </div>
    );
  }
}

function continues(previous: Entry | undefined, entry: Entry): boolean {
  return (
    previous !== undefined &&
    previous.kind === entry.kind &&
    previous.author.kind === entry.author.kind &&
    previous.author.id === entry.author.id &&
    Date.parse(entry.created_at) - Date.parse(previous.created_at) < GROUP_WITHIN
  );
}
