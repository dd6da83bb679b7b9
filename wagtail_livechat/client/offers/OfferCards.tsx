import type { DeskConversation, Offer } from "../shared/protocol";
import { Icon } from "./Icon";
import type { Translate } from "./texts";
import { clock, useNow, type Formats } from "./time";

export interface OfferCardsProps {
  offers: readonly Offer[];
  /** How many are shown in full; the rest is counted. */
  shown: number;
  t: Translate;
  formats: Formats;
  /** Offers whose answer is on its way. */
  busy: ReadonlySet<number>;
  /** What came of the last answer, where it was not what the person wanted. */
  notice: string;
  onAccept: (offer: Offer) => void;
  onDecline: (offer: Offer) => void;
  onDismiss: (offer: Offer) => void;
  onNoticeRead: () => void;
}

/** Somebody waits. Not a dialog: it takes no focus and stops nobody's work; screen readers are told when it comes. */
export function OfferCards(props: OfferCardsProps) {
  const { offers, shown, t, notice } = props;
  const rest = offers.length - shown;
  return (
    <section class="lco" aria-label={t("offers")}>
      <div class="lco__cards" aria-live="polite" aria-relevant="additions">
        {notice && (
          <div class="lco__notice" role="status">
            <Icon name="info-circle" />
            <span>{notice}</span>
            <button type="button" class="lco__x" aria-label={t("dismiss")} onClick={props.onNoticeRead}>
              <Icon name="cross" />
            </button>
          </div>
        )}
        {offers.slice(0, shown).map((offer) => (
          <OfferCard key={offer.id} offer={offer} {...props} />
        ))}
      </div>
      {rest > 0 && <p class="lco__more">{t("more_offers", { count: rest })}</p>}
    </section>
  );
}

function OfferCard({ offer, t, formats, busy, onAccept, onDecline, onDismiss }: OfferCardsProps & { offer: Offer }) {
  const { conversation } = offer;
  const name = visitorName(conversation, t);
  const isBusy = busy.has(offer.id);
  return (
    <article class="lco__card" aria-label={`${headline(offer, t)}: ${name}`}>
      <header class="lco__head">
        <Icon name="livechat" class="lco__glyph" />
        <span class="lco__headline">{headline(offer, t)}</span>
        <Timer offer={offer} t={t} />
        <button type="button" class="lco__x" aria-label={t("dismiss")} onClick={() => onDismiss(offer)}>
          <Icon name="cross" />
        </button>
      </header>
      <p class="lco__name">
        <bdi>{name}</bdi>
      </p>
      {conversation.first_text && (
        <p class="lco__text">
          <bdi>{conversation.first_text}</bdi>
        </p>
      )}
      <OfferFacts conversation={conversation} t={t} formats={formats} />
      {conversation.proactive && (
        <p class="lco__mark">
          <Icon name="mail" /> {t("offer_proactive")}
        </p>
      )}
      <footer class="lco__foot">
        <button type="button" class="button button-small" disabled={isBusy} onClick={() => onAccept(offer)}>
          {t("accept")}
        </button>
        <button
          type="button"
          class="button button-small button-secondary"
          disabled={isBusy}
          onClick={() => onDecline(offer)}
        >
          {t("decline")}
        </button>
      </footer>
    </article>
  );
}

function OfferFacts({ conversation: c, t, formats }: { conversation: DeskConversation; t: Translate; formats: Formats }) {
  const earlier = c.visitor.conversations - 1;
  const language = c.language || c.visitor.language;
  return (
    <dl class="lco__facts">
      <dt>{t("page")}</dt>
      <dd>
        <bdi>{c.page?.title || c.page?.url || t("page_unknown")}</bdi>
        {c.page?.title && c.page.url && (
          <span class="lco__url">
            <bdi dir="ltr">{path(c.page.url)}</bdi>
          </span>
        )}
      </dd>
      {language && <dt>{t("language")}</dt>}
      {language && <dd>{formats.languageName(language)}</dd>}
      {c.department && <dt>{t("department")}</dt>}
      {c.department && <dd>{c.department.name}</dd>}
      {earlier > 0 && <dt>{t("earlier")}</dt>}
      {earlier > 0 && <dd>{earlier}</dd>}
      <dt>{t("came")}</dt>
      <dd>{formats.fullOf(c.created_at)}</dd>
    </dl>
  );
}

function Timer({ offer, t }: { offer: Offer; t: Translate }) {
  const now = useNow();
  const waited = clock(now - new Date(offer.conversation.queued_at ?? offer.made_at).getTime());
  const left = offer.deadline ? clock(new Date(offer.deadline).getTime() - now) : "";
  // A running clock must not be read aloud every second.
  return (
    <span class="lco__timer" aria-live="off" title={left ? t("deadline", { time: left }) : t("waiting_for", { time: waited })}>
      <Icon name="time" /> {left || waited}
    </span>
  );
}

function headline(offer: Offer, t: Translate): string {
  return t(`offer_${offer.kind}`, { name: offer.from_operator?.name ?? "" });
}

/** What to call a visitor: their name, else the case. */
export function visitorName(conversation: DeskConversation, t: Translate): string {
  return conversation.visitor.name || t("anonymous", { case: shortCase(conversation.case_number) });
}

/** `2026-000123` as `123`: enough to tell today's visitors apart. */
export function shortCase(number: string): string {
  return number.replace(/^\d+-0*/, "") || number;
}

/** An address without its origin, for reading. */
export function path(url: string): string {
  try {
    const { pathname, search } = new URL(url);
    return decodeURI(pathname) + search;
  } catch {
    return url;
  }
}
