import { useState } from "preact/hooks";

import type { BanVisitor, DeskConversation, WrapUpReason } from "../shared/protocol";
import type { DeskApp } from "./app";
import { useAsked } from "./asked";
import { Dialog, FormDialog } from "./Dialog";
import { KEYS } from "./keyboard";

export function KeysDialog({ app }: { app: DeskApp }) {
  const { t, view } = app;
  return (
    <Dialog app={app} title={t("keys")}>
      <label class="lcd-dialog__switch">
        <input
          type="checkbox"
          checked={view.prefs.keys}
          onChange={(event) => app.setPref({ keys: event.currentTarget.checked })}
        />{" "}
        {t("keys_on")}
      </label>
      <dl class="lcd-keys">
        {KEYS.map(([keys, text]) => (
          <div key={text} class="lcd-keys__row">
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <div class="lcd-dialog__actions">
        <button type="button" class="button" onClick={() => app.openDialog(null)}>
          {t("close")}
        </button>
      </div>
    </Dialog>
  );
}

/** Ends a conversation with its reason and note, or adds them to one that has ended. */
export function WrapUpDialog({ app, conversation, ends }: { app: DeskApp; conversation: DeskConversation; ends: boolean }) {
  const { t, view } = app;
  const { id, wrap_up_required: isRequired } = conversation;
  const reasons = view.desk.library.wrap_up_reasons;
  const [reason, setReason] = useState<number | null>(conversation.wrap_up_reason ?? null);
  const [note, setNote] = useState(conversation.wrap_up_note);
  const asked = useAsked(app);

  const submit = (): void => {
    if (isRequired && reason === null) {
      asked.setProblem(t("wrap_up_required"));
      return;
    }
    const wrapUp = { conversation: id, note: note.trim(), ...(reason !== null && { reason }) };
    const type = ends ? "conversation.end" : "conversation.wrap_up";
    asked.ask({ type, ...wrapUp }, () => app.openDialog(null));
  };

  return (
    <FormDialog
      app={app}
      title={ends ? t("end_question", { name: app.name(conversation) }) : t("wrap_up_title")}
      submitLabel={t(ends ? "end_yes" : "save")}
      isGrave={ends}
      asked={asked}
      onSubmit={submit}
    >
      {ends && <p>{t("end_help")}</p>}
      {reasons.length > 0 && (
        <Reasons
          app={app}
          reasons={reasons}
          chosen={reason}
          isRequired={isRequired}
          canHaveNone={!isRequired && conversation.wrap_up_reason === undefined}
          onChoose={(choice) => {
            setReason(choice);
            asked.setProblem("");
          }}
        />
      )}
      <label class="lcd-form__field">
        <span class="lcd-form__label">{t("wrap_up_note")}</span>
        <textarea
          class="lcd-input"
          rows={2}
          dir="auto"
          maxLength={1000}
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </label>
    </FormDialog>
  );
}

/** From here on a list is too long to read through. */
const SEARCH_FROM = 8;

interface ReasonsProps {
  app: DeskApp;
  reasons: readonly WrapUpReason[];
  chosen: number | null;
  isRequired: boolean;
  /** A reason that was given can be changed, not taken back. */
  canHaveNone: boolean;
  onChoose: (reason: number | null) => void;
}

function Reasons({ app, reasons, chosen, isRequired, canHaveNone, onChoose }: ReasonsProps) {
  const { t } = app;
  const [query, setQuery] = useState("");
  const wanted = query.trim().toLocaleLowerCase();
  const shown = reasons.filter(({ id, name }) => id === chosen || name.toLocaleLowerCase().includes(wanted));
  const choice = (id: number | null, name: string) => (
    <label key={id} class="lcd-choice">
      <input type="radio" name="reason" checked={chosen === id} onChange={() => onChoose(id)} /> <bdi>{name}</bdi>
    </label>
  );
  return (
    <fieldset class="lcd-form__field">
      <legend class="lcd-form__label">
        {t("wrap_up_reason")}
        {isRequired && <span aria-hidden="true"> *</span>}
      </legend>
      {reasons.length >= SEARCH_FROM && (
        <input
          type="search"
          class="lcd-input"
          aria-label={t("wrap_up_search")}
          placeholder={t("wrap_up_search")}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            // Enter takes the only one that is left; it must not end the conversation.
            if (event.key !== "Enter") return;
            event.preventDefault();
            if (wanted && shown.length) onChoose(shown[0]!.id);
          }}
        />
      )}
      <div class="lcd-choices w-scrollbar-thin" aria-required={isRequired} role="radiogroup" aria-label={t("wrap_up_reason")}>
        {canHaveNone && !wanted && choice(null, t("wrap_up_none"))}
        {shown.map(({ id, name }) => choice(id, name))}
        {shown.length === 0 && <p class="lcd-lists__none">{t("wrap_up_no_match", { query: query.trim() })}</p>}
      </div>
    </fieldset>
  );
}

/** Name of the choice -> hours; null is for good. */
const PERIODS: readonly (readonly [name: string, hours: number | null])[] = [
  ["hour", 1],
  ["day", 24],
  ["week", 7 * 24],
  ["month", 30 * 24],
  ["ever", null],
];

export function BanDialog({ app, conversation }: { app: DeskApp; conversation: DeskConversation }) {
  const { t } = app;
  const [byAddress, setByAddress] = useState(false);
  const [reason, setReason] = useState("");
  const [hours, setHours] = useState<number | null>(24);
  const asked = useAsked(app);

  const submit = (): void => {
    const command: BanVisitor = {
      type: "visitor.ban",
      conversation: conversation.id,
      by_address: byAddress,
      reason: reason.trim(),
      ...(hours !== null && { hours }),
    };
    asked.ask(command, () => app.openDialog(null));
  };
  const whom = (address: boolean, text: string) => (
    <label class="lcd-choice">
      <input type="radio" name="whom" checked={byAddress === address} onChange={() => setByAddress(address)} /> {text}
    </label>
  );

  return (
    <FormDialog
      app={app}
      title={t("ban_question", { name: app.name(conversation) })}
      submitLabel={t("ban_yes")}
      isGrave
      asked={asked}
      onSubmit={submit}
    >
      <p>{t("ban_help")}</p>
      <fieldset class="lcd-form__field">
        <legend class="lcd-form__label">{t("ban_whom")}</legend>
        {whom(false, t("ban_visitor"))}
        {whom(true, t("ban_address"))}
      </fieldset>
      <label class="lcd-form__field">
        <span class="lcd-form__label">{t("ban_until")}</span>
        <select
          class="lcd-input"
          value={String(hours)}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setHours(value === "null" ? null : Number(value));
          }}
        >
          {PERIODS.map(([name, count]) => (
            <option key={name} value={String(count)}>
              {t(`ban_${name}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="lcd-form__field">
        <span class="lcd-form__label">{t("ban_reason")}</span>
        <input
          type="text"
          class="lcd-input"
          dir="auto"
          maxLength={255}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
    </FormDialog>
  );
}
