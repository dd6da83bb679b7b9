import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { Avatar } from "./Avatar";
import { isOpen } from "./chat";
import { useText, useView } from "./context";
import { Icon } from "./icons";
import { step } from "./keys";

export function Header({ onEnd }: { onEnd: () => void }): JSX.Element {
  const { chat, config, close } = useView();
  const t = useText();
  const { conversation, site } = chat;
  const operators = conversation && !isOpen(conversation.state) ? [] : (conversation?.operators ?? []);
  const names = operators.map(({ name }) => name).join(", ");
  const first = operators[0];

  return (
    <div class="head">
      {first ? (
        <Avatar name={first.name} picture={first.picture} />
      ) : (
        <Avatar name={config.company} picture={config.logo} />
      )}
      <div class="who">
        <h2>{names || config.company}</h2>
        <p class="site" data-state={names ? "online" : site}>
          {names ? config.company : t(`state_${site}`)}
        </p>
        {names && <span class="hidden">{t("operators", { names })}</span>}
      </div>
      <Menu onEnd={onEnd} />
      <button type="button" class="plain" aria-label={t("minimise")} title={t("minimise")} onClick={close}>
        <Icon name="minimise" />
      </button>
    </div>
  );
}

function Menu({ onEnd }: { onEnd: () => void }): JSX.Element {
  const { chat, gesture } = useView();
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  const shut = (): void => {
    setOpen(false);
    button.current?.focus();
  };

  // At once, not after the next picture: a quick hand has pressed the next key by then.
  useLayoutEffect(() => {
    if (isOpen) box.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
  }, [isOpen]);

  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") shut();
    else if (!step(event, [...box.current!.querySelectorAll<HTMLElement>("[role^=menuitem]")])) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      class="menu"
      ref={box}
      // Around the button too: until an item has the focus, Escape must not close the whole window.
      onKeyDown={(event) => isOpen && onKey(event)}
      onFocusOut={({ relatedTarget }) => {
        if (!box.current?.contains(relatedTarget as Node | null)) setOpen(false);
      }}
    >
      <button
        type="button"
        class="plain"
        ref={button}
        aria-label={t("menu")}
        title={t("menu")}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="menu" />
      </button>
      {isOpen && (
        <div role="menu" class="items" aria-label={t("menu")}>
          <button
            type="button"
            role="menuitemcheckbox"
            aria-checked={chat.sound}
            onClick={() => {
              gesture();
              chat.setSound(!chat.sound);
            }}
          >
            <Icon name={chat.sound ? "sound" : "mute"} />
            {t(chat.sound ? "sound_on" : "sound_off")}
          </button>
          {chat.canEnd() && (
            <button
              type="button"
              role="menuitem"
              onClick={() => {
                setOpen(false);
                onEnd();
              }}
            >
              <Icon name="end" flip />
              {t("end")}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
