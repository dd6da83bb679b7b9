import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import type { Answers, Faults } from "../widget/chat";
import { useText, useView } from "../widget/context";
import { Field, toFirstFault } from "./Field";

/** Nobody has answered for a while: an address, or patience. What was being written in the chat stays there. */
export function Address(): JSX.Element {
  const { chat, config } = useView();
  const t = useText();
  const form = useRef<HTMLFormElement>(null);
  const [answers, setAnswers] = useState<Answers>({});
  const [faults, setFaults] = useState<Faults>({});
  const [state, setState] = useState<"" | "busy" | "failed">("");
  const consent = config.forms.offline?.find(({ name }) => name === "consent");

  const submit = async (): Promise<void> => {
    const { conversation } = chat;
    if (!conversation || state === "busy") return;
    setState("busy");
    const refused = await chat.ask({
      type: "conversation.leave_address",
      conversation: conversation.id,
      email: String(answers.email ?? ""),
      consent: answers.consent as string,
    });
    setFaults(refused?.faults ?? {});
    setState(refused && !refused.faults && refused.code !== "conflict" ? "failed" : "");
    toFirstFault(form.current);
  };
  const field = (name: "email" | "consent", required: boolean): JSX.Element => (
    <Field
      name={name}
      required={required}
      value={answers[name]}
      faults={faults}
      onValue={(value) => setAnswers({ ...answers, [name]: value })}
    />
  );

  return (
    <form
      class="f-form f-card"
      ref={form}
      noValidate
      aria-labelledby="lc-address"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <p id="lc-address" role="status">
        {t("no_answer_lead")}
      </p>
      {field("email", true)}
      {consent && field("consent", consent.required)}
      <p class="f-fault" role="alert">
        {state === "failed" && t("failed")}
      </p>
      <div class="answers">
        <button type="submit" class="solid">
          {t("no_answer_send")}
        </button>
        <button type="button" class="soft" onClick={() => chat.keepWaiting()}>
          {t("no_answer_wait")}
        </button>
      </div>
    </form>
  );
}
