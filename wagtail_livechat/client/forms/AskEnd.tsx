import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { useText } from "../widget/context";

/** Before a conversation ends for good: whether it was meant. */
export function AskEnd({ onAnswer }: { onAnswer: (yes: boolean) => void }): JSX.Element {
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
