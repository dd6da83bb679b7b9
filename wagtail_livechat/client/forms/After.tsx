import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import type { VisitorCommand } from "../shared/protocol";
import type { Faults } from "../widget/chat";
import { useText, useView } from "../widget/context";
import { Icon } from "../widget/icons";
import { Field, toFirstFault } from "./Field";

/** The mouths of five faces, from very bad to very good. Drawn, since not every machine has a font with faces. */
const MOUTHS = ["8 17q4-5 8 0", "8 16q4-3 8 0", "8 15h8", "8 14q4 3 8 0", "8 13q4 7 8 0"];

interface AfterProps {
  onStart: () => void;
  /** The conversation goes on. */
  onBack: () => void;
}

/** After the end: the case number, how it was, the transcript, and the ways on. */
export function After({ onStart, onBack }: AfterProps): JSX.Element | null {
  const { chat } = useView();
  const t = useText();
  const [failed, setFailed] = useState(false);
  const { conversation } = chat;
  if (!conversation) return null;
  const { email } = conversation;
  const isCase = conversation.state === "offline";

  /** Whether it was done; the server's word on fields goes to whoever asked. */
  const ask = async (command: VisitorCommand): Promise<{ done: boolean; faults: Faults }> => {
    setFailed(false);
    const refused = await chat.ask(command);
    setFailed(!!refused && !refused.faults);
    return { done: !refused, faults: refused?.faults ?? {} };
  };

  return (
    <div class="ask f-after">
      {isCase && <p>{email ? t("left_thanks_to", { email }) : t("left_thanks")}</p>}
      <p class={isCase ? "f-case" : "f-quiet"}>{t("case_number", { number: conversation.case_number })}</p>
      {conversation.state === "ended" && <Rating ask={ask} key={conversation.id} />}
      <div class="answers">
        {conversation.reopen_until && Date.parse(conversation.reopen_until) > Date.now() && (
          <button
            type="button"
            class="soft"
            onClick={() =>
              void ask({ type: "conversation.reopen", conversation: conversation.id }).then(({ done }) => done && onBack())
            }
          >
            {t("reopen")}
          </button>
        )}
        <button type="button" class="solid" onClick={onStart}>
          {t("start_new")}
        </button>
      </div>
      {conversation.state === "ended" && <Transcript ask={ask} key={`t${conversation.id}`} />}
      <p class="f-fault" role="alert">
        {failed && t("failed")}
      </p>
    </div>
  );
}

type Ask = (command: VisitorCommand) => Promise<{ done: boolean; faults: Faults }>;

function Rating({ ask }: { ask: Ask }): JSX.Element {
  const { chat } = useView();
  const t = useText();
  const { id, rating } = chat.conversation!;
  const [chosen, setChosen] = useState(rating ?? 0);
  const [comment, setComment] = useState("");
  const [isSent, setSent] = useState(!!rating);
  if (isSent) return <p role="status">{t("rate_thanks")}</p>;
  return (
    <form
      class="f-rating"
      onSubmit={(event) => {
        event.preventDefault();
        const said = { rating: chosen, comment: comment.slice(0, 2_000) };
        if (chosen) void ask({ type: "conversation.rate", conversation: id, ...said }).then(({ done }) => setSent(done));
      }}
    >
      <fieldset>
        <legend>{t("rate_question")}</legend>
        <div class="f-faces">
          {MOUTHS.map((mouth, i) => (
            <label key={mouth} title={t(`rate_${i + 1}` as "rate_1")}>
              <input
                type="radio"
                name="lc-rating"
                value={i + 1}
                checked={chosen === i + 1}
                aria-label={t(`rate_${i + 1}` as "rate_1")}
                onChange={() => setChosen(i + 1)}
              />
              <Icon d={`M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18zM9 9.5h.01M15 9.5h.01M${mouth}`} />
            </label>
          ))}
        </div>
      </fieldset>
      {chosen > 0 && (
        <>
          <div class="f-field">
            <label for="lc-comment">
              {t("rate_comment")} <span class="f-quiet">({t("optional")})</span>
            </label>
            <textarea
              class="f-in"
              id="lc-comment"
              rows={2}
              maxLength={2_000}
              dir="auto"
              value={comment}
              onInput={({ currentTarget }) => setComment(currentTarget.value)}
            />
          </div>
          <button type="submit" class="soft">
            {t("rate_send")}
          </button>
        </>
      )}
    </form>
  );
}

function Transcript({ ask }: { ask: Ask }): JSX.Element {
  const { chat } = useView();
  const t = useText();
  const form = useRef<HTMLFormElement>(null);
  const { id, email } = chat.conversation!;
  const [state, setState] = useState<"" | "asking" | "sent">("");
  const [address, setAddress] = useState("");
  const [faults, setFaults] = useState<Faults>({});

  const send = async (): Promise<void> => {
    const answer = await ask({ type: "transcript.request", conversation: id, email: email ? "" : address });
    setFaults(answer.faults);
    if (answer.done) setState("sent");
    else toFirstFault(form.current);
  };

  if (state === "sent") return <p role="status">{t("transcript_sent", { email: email ?? address })}</p>;
  if (state === "asking") {
    return (
      <form
        class="f-line"
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Field name="email" required value={address} faults={faults} onValue={(value) => setAddress(String(value))} />
        <button type="submit" class="soft">
          {t("transcript_send")}
        </button>
      </form>
    );
  }
  return (
    <button type="button" class="link" onClick={() => (email ? void send() : setState("asking"))}>
      {t("transcript")}
    </button>
  );
}
