import { Icon } from "../offers/Icon";
import { LINK_ATTRIBUTES, pieces } from "../shared/links";
import type { Pending } from "../shared/outbox";
import type { Entry } from "../shared/protocol";
import type { DeskApp } from "./app";
import { compose } from "./keyboard";
import { EntryVeil } from "./Reveal";

interface BubbleProps {
  app: DeskApp;
  entry: Entry;
  visitor: string;
  isTeam: boolean;
  isFirst: boolean;
  isLastOfGroup: boolean;
  receipt: "sent" | "delivered" | "seen";
  /** What masking hides of it, if this person asked for it. */
  revealed: string | undefined;
  /** While messages are chosen: which are. */
  picked: ReadonlySet<number> | null;
}

/** One message or note. */
export function Bubble({ app, entry, visitor, isTeam, isFirst, isLastOfGroup, receipt, revealed, picked }: BubbleProps) {
  const { t, formats } = app;
  const { author, kind } = entry;
  const isOwn = author.kind === "operator" && author.id === app.config.operator;
  const side = isTeam ? (isOwn ? "operator" : "visitor") : author.kind === "visitor" ? "visitor" : "operator";
  const name = author.kind === "visitor" ? visitor : author.name || t(author.kind === "bot" ? "bot" : "system");
  const isNote = kind === "note";
  const text = revealed ?? entry.text;
  const canPick = picked !== null && kind === "text";
  return (
    <div class={`lcd-bubble ${canPick ? "lcd-bubble--pick" : ""} lcd-bubble--${side} ${isNote ? "lcd-bubble--note" : ""} ${isFirst ? "lcd-bubble--first" : ""} ${revealed === undefined ? "" : "lcd-bubble--revealed"}`}>
      {isFirst ? (
        <p class="lcd-bubble__by">
          {isNote && <Icon name="livechat-note" />}
          <bdi>{isNote ? t("note_by", { name }) : isOwn ? t("you") : name}</bdi>
          <time dateTime={entry.created_at} title={formats.fullOf(entry.created_at)}>
            {formats.timeOf(entry.created_at)}
          </time>
        </p>
      ) : (
        <span class="w-sr-only">{isNote ? t("note_by", { name }) : name}: </span>
      )}
      {canPick && (
        <label class="lcd-pick">
          <input
            type="checkbox"
            checked={picked.has(entry.seq)}
            onChange={(event) => app.pick(entry.seq, event.currentTarget.checked)}
          />
          <span class="w-sr-only">{t("draft_pick", { text: entry.text })}</span>
        </label>
      )}
      <div class="lcd-bubble__text" dir="auto" title={formats.fullOf(entry.created_at)}>
        {kind === "attachment" && typeof entry.data.url === "string" ? (
          <Attached data={entry.data as unknown as AttachedData} name={text} size={formats.sizeOf(Number(entry.data.size) || 0)} />
        ) : (
          <Words text={text} />
        )}
      </div>
      <EntryVeil app={app} entry={entry} isRevealed={revealed !== undefined} isTeam={isTeam} />
      {side === "operator" && !isNote && isLastOfGroup && (
        <p class={`lcd-receipt lcd-receipt--${receipt}`}>
          <Icon name={receipt === "sent" ? "livechat-tick" : "livechat-ticks"} /> {t(receipt)}
        </p>
      )}
    </div>
  );
}

interface AttachedData {
  url: string;
  width?: number;
  height?: number;
}

/** A file: a picture is shown, anything else is a link. */
function Attached({ data: { url, width, height }, name, size }: { data: AttachedData; name: string; size: string }) {
  return (
    <a href={url} download={name} class={width && height ? "lcd-picture" : undefined} title={`${name} (${size})`}>
      {width && height ? <img src={url} alt={name} width={width} height={height} loading="lazy" /> : <bdi>{name}</bdi>}
    </a>
  );
}

/** Text with its links; whatever else is in it stays text. */
function Words({ text }: { text: string }) {
  return (
    <>
      {pieces(text).map((piece) =>
        typeof piece === "string" ? (
          piece
        ) : (
          <a href={piece.href} {...LINK_ATTRIBUTES}>
            {piece.text}
          </a>
        ),
      )}
    </>
  );
}

/** Something that happened: the most special text that there is for it. */
export function SystemLine({ app, entry, visitor }: { app: DeskApp; entry: Entry; visitor: string }) {
  const { t, config, formats } = app;
  const { event, by, reason, to = "" } = entry.data as { event?: string; by?: string; reason?: string; to?: string };
  const keys = [`system_${event}_${reason}`, `system_${event}_${by}`, `system_${event}`];
  const key = keys.find((one) => one in config.texts) ?? "system_other";
  const name = entry.author.name || (by === "visitor" ? visitor : "");
  return (
    <p class="lcd-system">
      <bdi>{t(key, { name, to, event: event ?? "" })}</bdi> <time dateTime={entry.created_at}>{formats.timeOf(entry.created_at)}</time>
    </p>
  );
}

interface PendingBubbleProps {
  app: DeskApp;
  item: Pending;
  isLive: boolean;
  /** Trying again, or another wording, can help: the conversation is open and one's own. */
  canWrite: boolean;
}

/** A text that the server does not have yet: it is being sent, waits for the line, or was refused. */
export function PendingBubble({ app, item, isLive, canWrite }: PendingBubbleProps) {
  const { t } = app;
  const { refused, kind, text, client_id } = item;
  const edit = (): void => {
    if (!item.conversation) return;
    const draft = app.drafts.get(item.conversation).text;
    app.drafts.set(item.conversation, { text: draft ? `${text}\n${draft}` : text, note: kind === "note" });
    app.discard(client_id);
    compose(kind === "note");
  };
  return (
    <div
      class={`lcd-bubble lcd-bubble--operator lcd-bubble--first lcd-bubble--pending ${kind === "note" ? "lcd-bubble--note" : ""} ${refused ? "lcd-bubble--refused" : ""}`}
    >
      {kind === "note" && (
        <p class="lcd-bubble__by">
          <Icon name="livechat-note" /> {t("note")}
        </p>
      )}
      <div class="lcd-bubble__text" dir="auto">
        {text}
      </div>
      {refused ? (
        <div class="lcd-refused" role="alert">
          <p>
            <Icon name="warning" /> {t("refused", { reason: refused.message })}
          </p>
          {canWrite && (
            <button type="button" class="button button-small" onClick={() => app.retry(client_id)}>
              {t("retry")}
            </button>
          )}
          {canWrite && (
            <button type="button" class="button button-small button-secondary" onClick={edit}>
              {t("edit")}
            </button>
          )}
          <button type="button" class="button button-small button-secondary no" onClick={() => app.discard(client_id)}>
            {t("discard")}
          </button>
        </div>
      ) : (
        <p class="lcd-receipt">
          <Icon name="time" /> {t(isLive ? "sending" : "waiting_line")}
        </p>
      )}
    </div>
  );
}
