import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { lengthOf } from "../shared/text";
import type { Faults } from "../widget/chat";
import type { FieldName, FieldRule } from "../widget/config";
import { suggests, useText, useView } from "../widget/context";
import { Lazy } from "../widget/Lazy";
import { Fault, Field, toFirstFault } from "./Field";

interface IntakeProps {
  /** `case`: a message left while nobody is there. */
  as: "chat" | "case";
  /** Somebody has come meanwhile. */
  onChatNow?: (() => void) | undefined;
}

/** The form before the chat, and the one for leaving a message: what the site asks for, and the message itself. */
export function Intake({ as, onChatNow }: IntakeProps): JSX.Element {
  const { chat, config, gesture } = useView();
  const t = useText();
  const form = useRef<HTMLFormElement>(null);
  const { answers, draft, faults } = chat;
  const rules = withFaulty((as === "case" ? config.forms.offline : config.forms.prechat) ?? [], faults);
  const over = lengthOf(draft.trim()) - config.limits.message;

  // What the server refused comes back here: the person is taken to it.
  useEffect(() => {
    if (Object.keys(faults).length) toFirstFault(form.current);
  }, [chat.faultsAt]);

  const submit = (): void => {
    gesture();
    const missing = Object.fromEntries(rules.filter(({ name, required }) => required && !answers[name]).map(({ name }) => [name, "required"]));
    if (!draft.trim()) missing.text = "required";
    chat.setFaults(missing as Faults);
    if (!Object.keys(missing).length && over <= 0) chat.beginAs(as);
  };

  return (
    <form
      class="f-form"
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {onChatNow && (
        <p class="f-now" role="status">
          <button type="button" class="link" onClick={onChatNow}>
            {t("chat_now")}
          </button>
        </p>
      )}
      {rules.map(({ name, required }) => (
        <Field
          key={name}
          name={name}
          required={required}
          value={answers[name]}
          faults={faults}
          onValue={(value) => chat.setAnswer(name, value)}
        />
      ))}
      <div class="f-field f-message">
        <label for="lc-text">{t("form_message")}</label>
        <textarea
          class="f-in"
          id="lc-text"
          rows={3}
          required
          dir="auto"
          aria-invalid={!!faults.text || over > 0}
          aria-describedby="lc-text-fault lc-text-over"
          value={draft}
          onInput={({ currentTarget }) => {
            chat.setDraft(currentTarget.value);
            if (faults.text) chat.setFaults({});
          }}
        />
        <Fault id="lc-text" fault={faults.text} />
        <p class="f-fault" id="lc-text-over" role="status">
          {over > 0 && t("over_limit", { count: over })}
        </p>
      </div>
      {suggests(chat) && <Lazy part="Suggest" props={{}} />}
      <button type="submit" class="solid">
        {t(as === "case" ? "form_leave" : "form_start")}
      </button>
    </form>
  );
}

/** The site may have changed its form since this page was opened: what it now wants is asked for, too. */
function withFaulty(rules: FieldRule[], faults: Faults): FieldRule[] {
  const known = new Set<string>(rules.map(({ name }) => name));
  const names: FieldName[] = ["name", "email", "phone", "reference", "department", "consent"];
  return [...rules, ...names.filter((name) => faults[name] && !known.has(name)).map((name) => ({ name, required: true }))];
}
