import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { Composer } from "./Composer";
import { useText, useView } from "./context";
import { Header } from "./Header";
import { Log } from "./Log";
import { Notice } from "./Notice";

export function Panel(): JSX.Element {
  const { chat, config, close } = useView();
  const t = useText();
  const [asksEnd, setAsksEnd] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const { conversation, isOpen } = chat;
  const isEnded = conversation?.state === "ended";
  const isShut = chat.status.state === "stopped" && chat.status.code === "closed";

  return (
    <section
      id="panel"
      role="dialog"
      tabIndex={-1}
      aria-label={t("dialog", { company: config.company })}
      hidden={!isOpen}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        if (asksEnd) setAsksEnd(false);
        else close();
      }}
    >
      <Header onEnd={() => setAsksEnd(true)} />
      <Notice />
      <Log />
      {asksEnd && !isEnded ? (
        <AskEnd
          onAnswer={(yes) => {
            if (yes) chat.end();
            setAsksEnd(false);
            requestAnimationFrame(() => field.current?.focus());
          }}
        />
      ) : isEnded ? (
        <Ended
          onStart={() => {
            chat.startNew();
            requestAnimationFrame(() => field.current?.focus());
          }}
        />
      ) : isShut ? null : (
        <Composer field={field} />
      )}
    </section>
  );
}

function AskEnd({ onAnswer }: { onAnswer: (yes: boolean) => void }): JSX.Element {
  const t = useText();
  const no = useRef<HTMLButtonElement>(null);
  useEffect(() => no.current?.focus(), []);
  return (
    <div class="ask" role="alertdialog" aria-labelledby="lc-ask">
      <p id="lc-ask">{t("end_question")}</p>
      <div class="answers">
        <button type="button" class="solid danger" onClick={() => onAnswer(true)}>
          {t("end_yes")}
        </button>
        <button type="button" class="soft" ref={no} onClick={() => onAnswer(false)}>
          {t("end_no")}
        </button>
      </div>
    </div>
  );
}

function Ended({ onStart }: { onStart: () => void }): JSX.Element {
  const { chat } = useView();
  const t = useText();
  return (
    <div class="ask">
      <p>{t("case_number", { number: chat.conversation?.case_number ?? "" })}</p>
      <div class="answers">
        <button type="button" class="solid" onClick={onStart}>
          {t("start_new")}
        </button>
      </div>
    </div>
  );
}
