import { useState } from "preact/hooks";

import { Icon } from "../offers/Icon";
import type { DeskConversation, Entry } from "../shared/protocol";
import type { DeskApp } from "./app";
import { useAsked } from "./asked";
import { FormDialog } from "./Dialog";
import { keyOf, type Detail, type Hidden } from "./veiled";

interface EntryVeilProps {
  app: DeskApp;
  entry: Entry;
  isRevealed: boolean;
  /** Between colleagues nothing is revealed: whoever wrote it sees it, and can be asked. */
  isTeam: boolean;
}

/** Below a message: what is hidden in it, the way to see it, and that it is being seen. */
export function EntryVeil({ app, entry, isRevealed, isTeam }: EntryVeilProps) {
  const { t } = app;
  const { redacted } = entry.data as { redacted?: unknown };
  const removed = Array.isArray(redacted) ? redacted.map(String) : [];
  const masked = entry.masked ?? [];
  const names = (kinds: readonly string[]): string => kinds.map((kind) => t(`hidden_${kind}`)).join(", ");
  return (
    <>
      {removed.length > 0 && (
        <p class="lcd-veil">
          <Icon name="lock" /> {t("redacted_here", { kinds: names(removed) })}
        </p>
      )}
      {masked.length > 0 && (
        <p class={`lcd-veil ${isRevealed ? "lcd-veil--lifted" : ""}`}>
          <Icon name={isRevealed ? "lock-open" : "lock"} />{" "}
          {t(isRevealed ? "revealed_here" : "masked_here", { kinds: names(masked) })}{" "}
          {!isTeam && <RevealButton app={app} hidden={{ seq: entry.seq }} isRevealed={isRevealed} />}
        </p>
      )}
    </>
  );
}

interface RevealButtonProps {
  app: DeskApp;
  hidden: Hidden;
  isRevealed: boolean;
  /** Of what, for those who do not see beside what it stands. */
  of?: string;
}

/** Asks for one hidden thing, or hides it again. Nothing for those who may not. */
function RevealButton({ app, hidden, isRevealed, of }: RevealButtonProps) {
  const { t } = app;
  if (!app.view.mayReveal) return null;
  const label = t(isRevealed ? "reveal_hide" : "reveal");
  return (
    <button
      type="button"
      class="lcd-link lcd-veil__button"
      {...(of && { "aria-label": `${label}: ${of}` })}
      onClick={() => (isRevealed ? app.hideAgain(hidden) : app.askToReveal(hidden))}
    >
      {label}
    </button>
  );
}

/** Why it has to be seen. It is kept in the log, so it is said before and not after. */
export function RevealDialog({ app, conversation }: { app: DeskApp; conversation: DeskConversation }) {
  const { t, view } = app;
  const hidden = view.revealing;
  const [reason, setReason] = useState("");
  const asked = useAsked(app);
  if (!hidden) return null;

  const submit = (): void => {
    if (!reason.trim()) {
      asked.setProblem(t("reveal_reason_required"));
      return;
    }
    const command = { type: "masked.reveal", conversation: conversation.id, reason: reason.trim() } as const;
    asked.ask({ ...command, ...hidden }, () => app.openDialog(null));
  };
  return (
    <FormDialog app={app} title={t("reveal_question")} submitLabel={t("reveal")} asked={asked} onSubmit={submit}>
      <blockquote class="lcd-veil__quote" dir="auto">
        {shownOf(app, conversation, hidden)}
      </blockquote>
      <p>{t("reveal_help")}</p>
      <label class="lcd-form__field">
        <span class="lcd-form__label">{t("reveal_reason")}</span>
        <input
          type="text"
          class="lcd-input"
          dir="auto"
          autoFocus
          autoComplete="off"
          maxLength={255}
          value={reason}
          onInput={(event) => {
            setReason(event.currentTarget.value);
            asked.setProblem("");
          }}
        />
      </label>
    </FormDialog>
  );
}

/** What is on the screen of it now. */
function shownOf(app: DeskApp, { id, visitor }: DeskConversation, hidden: Hidden): string {
  if ("detail" in hidden) return visitor[hidden.detail];
  return app.view.desk.timelines[id]?.entries.find(({ seq }) => seq === hidden.seq)?.text ?? "";
}

interface VeiledDetailProps {
  app: DeskApp;
  conversation: DeskConversation;
  detail: Detail;
}

/** A detail of the visitor as it may be seen, with the way to see it whole. */
export function VeiledDetail({ app, conversation: { id, visitor }, detail }: VeiledDetailProps) {
  const { t } = app;
  if (!visitor.masked?.includes(detail)) return <>{visitor[detail]}</>;
  const text = app.view.revealed[id]?.[keyOf({ detail })];
  const isRevealed = text !== undefined;
  return (
    <span class={`lcd-veiled ${isRevealed ? "lcd-veiled--lifted" : ""}`}>
      <bdi {...(isRevealed && { title: t("revealed_here") })}>{text ?? visitor[detail]}</bdi>{" "}
      <RevealButton app={app} hidden={{ detail }} isRevealed={isRevealed} of={t(detail)} />
    </span>
  );
}
