import type { JSX } from "preact";

import type { Pending } from "../shared/outbox";
import type { TextKey } from "../widget/config";
import { useText, useView } from "../widget/context";
import { Icon } from "../widget/icons";

/** Under a message that the server would not take: why, and what can be done with it. */
export function Refused({ item }: { item: Pending }): JSX.Element {
  const { chat } = useView();
  const t = useText();
  return (
    <div class="refused" role="alert">
      <p>
        <Icon name="alert" />
        <span>
          {t("not_sent")}. {t(reasonOf(item))}
        </span>
      </p>
      <p>
        <button type="button" class="link" onClick={() => chat.tryAgain(item)}>
          {t("try_again")}
        </button>
        <button type="button" class="link" onClick={() => chat.edit(item)}>
          {t("edit")}
        </button>
        <button type="button" class="link" onClick={() => chat.discard(item)}>
          {t("discard")}
        </button>
      </p>
    </div>
  );
}

function reasonOf({ refused }: Pending): TextKey {
  switch (refused?.code) {
    case "rate_limited":
    case "too_long":
    case "conversation_ended":
    case "closed":
      return `error_${refused.code}`;
    default:
      return "error_other";
  }
}
