import { Icon } from "../offers/Icon";
import type { OperatorPresence } from "../shared/protocol";
import type { DeskApp } from "./app";
import { useMenu } from "./menu";

const CHOICES = ["available", "away", "offline"] as const;

/** The operator's own status. */
export function StatusMenu({ app, me }: { app: DeskApp; me: OperatorPresence }) {
  const { t } = app;
  const menu = useMenu(() => Math.max(0, CHOICES.indexOf(me.status as (typeof CHOICES)[number])));
  return (
    <div class="lcd-status" ref={menu.root}>
      <button
        ref={menu.button}
        type="button"
        class="lcd-status__button"
        aria-haspopup="menu"
        aria-expanded={menu.isOpen}
        aria-label={`${t("status")}: ${t(`status_${me.status}`)}`}
        onClick={menu.toggle}
        onKeyDown={menu.onButtonKey}
      >
        <span class={`lcd-dot lcd-dot--${me.status}`} />
        <span class="lcd-status__text">{t(`status_${me.status}`)}</span>
        <span class="lcd-status__load" title={t("load_help")}>
          {t("load", { load: me.load, capacity: me.capacity })}
        </span>
        <Icon name="arrow-down" />
      </button>
      {menu.isOpen && (
        <div class="lcd-menu" role="menu" aria-label={t("status")} onKeyDown={menu.onKey}>
          {CHOICES.map((status) => (
            <button
              key={status}
              type="button"
              role="menuitemradio"
              tabIndex={-1}
              class="lcd-menu__item"
              aria-checked={status === me.status}
              onClick={() => {
                app.setStatus(status);
                menu.close();
              }}
            >
              <span class={`lcd-dot lcd-dot--${status}`} />
              <span class="lcd-menu__texts">
                <span class="lcd-menu__name">{t(`status_${status}`)}</span>
                <span class="lcd-menu__help">{t(`status_${status}_help`)}</span>
              </span>
              {status === me.status && <Icon name="check" />}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
