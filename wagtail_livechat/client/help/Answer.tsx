import type { JSX } from "preact";

import { useText, useView } from "../widget/context";
import type { Item } from "./contract";
import { Feedback } from "./Feedback";
import { draw } from "./nodes";

/** A question's answer, or an article, as it is read in the window. */
export function Answer({ item, ask }: { item: Item; ask: JSX.Element | null }): JSX.Element {
  const { config } = useView();
  const t = useText();
  const { author, body, title, updated, url } = item;
  const date = new Date(updated);
  return (
    <article class="h-answer">
      <h3 class="h-name" tabIndex={-1} data-at="name">
        <bdi>{title}</bdi>
      </h3>
      <div class="h-text" dir="auto">
        {draw(body)}
      </div>
      <footer class="h-foot">
        {author && (
          <div class="h-author">
            {author.picture && <img src={author.picture} alt="" width={40} height={40} loading="lazy" />}
            <p>
              <span class="h-quiet">{t("help_written")}</span>
              <b>{author.name}</b>
              {author.role && <span class="h-quiet">{author.role}</span>}
            </p>
          </div>
        )}
        <p class="h-quiet h-facts">
          {updated && !Number.isNaN(+date) && (
            <time dateTime={updated}>
              {t("help_updated", { date: new Intl.DateTimeFormat(config.lang, { dateStyle: "medium" }).format(date) })}
            </time>
          )}
          {url && (
            <a href={url} target="_blank" rel="noopener">
              {t("help_page")}
            </a>
          )}
        </p>
      </footer>
      <Feedback item={item} key={item.version} />
      {ask}
    </article>
  );
}
