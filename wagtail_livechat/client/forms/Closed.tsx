import type { JSX } from "preact";

import { useText, useView } from "../widget/context";

const DAY = 86_400_000;

/** That nobody is here; and when somebody will be, in the visitor's own time, where the site goes by opening hours. */
export function Closed(): JSX.Element {
  const { chat, config } = useView();
  const t = useText();
  const { opensAt } = chat;
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div class="closed">
      {opensAt && <p class="system opens">{t("closed_until", { when: whenOf(Date.parse(opensAt), config.lang) })}</p>}
      {config.hours.map((line) => (
        <p class="system hours" key={line}>
          {line}
        </p>
      ))}
      {config.hours.length > 0 && own !== config.zone && <p class="system hours">{t("hours_zone", { zone: config.zone })}</p>}
    </div>
  );
}

/** "Monday 09:00" while the weekday says enough, else with the date. */
export function whenOf(time: number, lang: string): string {
  const isSoon = time - Date.now() < 6 * DAY;
  return new Intl.DateTimeFormat(lang, {
    weekday: "long",
    ...(!isSoon && { day: "numeric", month: "long" }),
    hour: "numeric",
    minute: "2-digit",
  }).format(time);
}
