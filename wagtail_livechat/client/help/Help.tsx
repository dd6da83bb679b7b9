import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Pane } from "../widget/config";
import { useText, useView } from "../widget/context";
import { Icon } from "../widget/icons";
import { Answer } from "./Answer";
import type { Category, Entry, Found, Item, Kind, Overview } from "./contract";
import { Glyph } from "./Glyph";
import { Gone } from "./library";
import { marked } from "./nodes";
import { Pause } from "./pause";
import type { View } from "./places";
import { ask as askThem, shelfOf } from "./shelf";

/** A search that found nothing is told when it has stood for so long: half a word is no question. */
const STOOD = 1_500;
const SHORTEST = 2;

type Search = { q: string; results: Found[] | null };

/** What there is to look up: the questions and answers in one pane, the articles in the other. */
export function Help(): JSX.Element {
  const view = useView();
  const { chat, launcher, close } = view;
  const t = useText();
  const shelf = shelfOf(view);
  const { library, places } = shelf;
  // While the visitor is in the chat, this stays as it was left.
  const at = useRef<Pane>(chat.pane);
  if (chat.pane !== "chat") at.current = chat.pane;
  const pane = at.current;
  const isShown = chat.isOpen && chat.pane !== "chat";
  const here = places.view(pane);
  const { q, stack } = places.of(pane);
  const isSearch = here.at === "first" && q.trim().length >= SHORTEST;

  const [search, setSearch] = useState<Search | null>(null);
  const pause = useRef<Pause<Found[] | "failed">>(null);
  useEffect(() => {
    (pause.current ??= new Pause<Found[] | "failed">(
      (asked) => library.search(asked).catch(() => "failed" as const),
      (found, asked) => setSearch(found && { q: asked, results: found === "failed" ? null : found }),
      SHORTEST,
    )).type(q);
  }, [q]);
  useEffect(() => {
    if (!isSearch || search?.results?.length !== 0) return;
    const timer = setTimeout(() => library.looked(search.q, "nothing"), STOOD);
    return () => clearTimeout(timer);
  }, [search, isSearch]);

  const key = here.at === "answer" ? `${here.kind}/${here.id}` : here.at === "thanks" ? here.at : "overview";
  const [loaded, again] = useLoaded<Overview | Item | null>(key, () =>
    here.at === "answer" ? library.item(here.kind, here.id) : here.at === "thanks" ? Promise.resolve(null) : library.overview(),
  );
  const isReady = isSearch ? !!search : loaded.key === key && !loaded.error;

  // ------------------------------------------------------------------------------------- where one is, and the focus
  const box = useRef<HTMLDivElement>(null);
  const keeps = useRef(false);
  const spot = `${pane} ${stack.length} ${key} ${"id" in here ? here.id : ""}`;
  useLayoutEffect(() => {
    keeps.current = isShown && isReady;
    if (!keeps.current) return;
    box.current!.scrollTop = places.scroll(pane);
    if (shelf.focus) box.current!.querySelector<HTMLElement>(`[data-at="${shelf.focus}"]`)?.focus({ preventScroll: true });
    shelf.focus = "";
  }, [spot, isShown, isReady]);

  const go = (next: View): void => {
    shelf.focus = "name";
    places.go(pane, next);
    chat.onChange();
  };
  const ask = (words: string): void => askThem(view, words);
  const back = (): void => {
    shelf.focus = nameOf(here);
    places.back(pane);
    // A suggestion was come to from the chat.
    if (here.at === "answer" && here.question !== undefined) ask(here.question);
    else chat.onChange();
  };
  const type = (text: string): void => {
    places.type(pane, text);
    chat.onChange();
  };

  // A suggestion has its way to the chat at its end: there the visitor says whether it was an answer.
  const question = here.at === "answer" ? here.question : undefined;
  const isClosed = chat.status.state === "stopped" && chat.status.code === "closed";
  const askButton = (words: string, kind: "soft" | "solid" = "soft"): JSX.Element | null =>
    isClosed ? null : (
      <button type="button" class={`${kind} h-ask`} onClick={() => ask(words)}>
        {t(chat.openConversation() ? "help_to_chat" : "help_ask")}
      </button>
    );

  let content: ComponentChildren;
  if (here.at === "thanks") {
    content = (
      <div class="h-thanks" role="status">
        <Icon name="tick" />
        <h3 class="h-name" tabIndex={-1} data-at="name">
          {t("help_glad")}
        </h3>
        <p class="h-quiet">{t("help_glad_hint")}</p>
      </div>
    );
  } else if (isSearch) {
    content = search && (
      <Results search={search} onOpen={({ kind, id }) => go({ at: "answer", kind, id })}>
        {askButton(q.trim())}
      </Results>
    );
  } else if (loaded.error) {
    content = (
      <div class="h-none">
        <p role="alert">{t(loaded.error === "gone" ? "help_gone" : "failed")}</p>
        {loaded.error !== "gone" && (
          <button type="button" class="soft" onClick={again}>
            {t("try_again")}
          </button>
        )}
      </div>
    );
  } else if (loaded.key !== key) {
    content = (
      <span class="dots h-wait">
        <i />
        <i />
        <i />
      </span>
    );
  } else if (here.at === "answer") {
    content = <Answer item={loaded.data as Item} ask={question === undefined ? askButton("") : null} key={key} />;
  } else {
    const { faq, categories } = loaded.data as Overview;
    const category = here.at === "category" && categories.find(({ id }) => id === here.id);
    content =
      pane === "faq" ? (
        <Questions faq={faq} onOpen={(id) => go({ at: "answer", kind: "faq", id })} />
      ) : category ? (
        <Articles category={category} onOpen={(id) => go({ at: "answer", kind: "article", id })} />
      ) : (
        <Categories categories={categories} onOpen={(id) => go({ at: "category", id })} />
      );
  }

  return (
    <div
      class="h-help"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || (stack.length < 2 && !q)) return;
        event.stopPropagation();
        if (stack.length > 1) back();
        else type("");
      }}
    >
      {here.at === "first" ? (
        <SearchField key={pane} q={q} onType={type} isBusy={isSearch && search?.q !== q.trim()} />
      ) : (
        here.at !== "thanks" && (
          <div class="h-bar">
            <button type="button" class="h-back" onClick={back}>
              <Glyph name="back" flip />
              {t(question === undefined ? "help_back" : "help_to_chat")}
            </button>
          </div>
        )
      )}
      <div
        class="h-body"
        ref={box}
        tabIndex={-1}
        onScroll={({ currentTarget }) => keeps.current && places.scrolled(pane, currentTarget.scrollTop)}
      >
        {content}
      </div>
      {question !== undefined && isReady && (
        <div class="h-end">
          <button
            type="button"
            class="solid"
            onClick={() => {
              const { kind, id } = here as { kind: Kind; id: number };
              library.looked(question, "answered", kind, id);
              shelf.focus = "name";
              places.turn(pane, { at: "thanks", question: chat.draft });
              chat.setDraft("");
            }}
          >
            {t("help_answered")}
          </button>
          {askButton(question)}
        </div>
      )}
      {here.at === "thanks" && (
        <div class="h-end">
          <button
            type="button"
            class="solid"
            onClick={() => {
              places.back(pane);
              chat.show("chat");
              close();
              launcher.button.focus();
            }}
          >
            {t("help_close")}
          </button>
          {!isClosed && (
            <button
              type="button"
              class="soft"
              onClick={() => {
                places.back(pane);
                ask(here.question);
              }}
            >
              {t("help_anyway")}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** How a view is called in the one before it. */
function nameOf(view: View): string {
  return view.at === "answer" ? `${view.kind}-${view.id}` : view.at === "category" ? `category-${view.id}` : "";
}

function SearchField({ q, onType, isBusy }: { q: string; onType: (q: string) => void; isBusy: boolean }): JSX.Element {
  const t = useText();
  const field = useRef<HTMLInputElement>(null);
  return (
    <form class="h-search" role="search" aria-busy={isBusy} onSubmit={(event) => event.preventDefault()}>
      <Glyph name="search" />
      <input
        ref={field}
        type="text"
        inputMode="search"
        enterkeyhint="search"
        autocomplete="off"
        dir={q ? "auto" : undefined}
        maxLength={200}
        placeholder={t("help_search")}
        aria-label={t("help_search")}
        value={q}
        onInput={({ currentTarget }) => onType(currentTarget.value)}
      />
      {q && (
        <button
          type="button"
          class="plain"
          aria-label={t("help_clear")}
          title={t("help_clear")}
          onClick={() => {
            onType("");
            field.current!.focus();
          }}
        >
          <Glyph name="close" />
        </button>
      )}
    </form>
  );
}

interface ResultsProps {
  search: Search;
  onOpen: (found: Found) => void;
  children: ComponentChildren;
}

function Results({ search: { q, results }, onOpen, children }: ResultsProps): JSX.Element {
  const t = useText();
  return (
    <>
      <p class={results?.length ? "h-count" : "hidden"} role="status">
        {!results ? t("failed") : results.length ? t("help_found", { count: results.length }) : t("help_none", { q })}
      </p>
      {results?.length ? (
        <ul class="h-list">
          {results.map((one) => (
            <Row
              key={`${one.kind}-${one.id}`}
              name={`${one.kind}-${one.id}`}
              title={marked(one.title, q)}
              summary={marked(one.excerpt, q)}
              lead={<Glyph name={one.kind} />}
              onOpen={() => onOpen(one)}
            />
          ))}
        </ul>
      ) : (
        <div class="h-none">
          <Glyph name="search" />
          <p aria-hidden="true">
            <b>{results ? t("help_none", { q }) : t("failed")}</b>
          </p>
          {results && <p class="h-quiet">{t("help_none_hint")}</p>}
        </div>
      )}
      <div class="h-more">{children}</div>
    </>
  );
}

function Questions({ faq, onOpen }: { faq: Overview["faq"]; onOpen: (id: number) => void }): JSX.Element {
  return (
    <>
      {faq.map(({ category, items }) => (
        <section key={category}>
          {category && <h3 class="h-group"><bdi>{category}</bdi></h3>}
          <ul class="h-list">
            {items.map(({ id, title }) => (
              <Row key={id} name={`faq-${id}`} title={title} onOpen={() => onOpen(id)} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Categories({ categories, onOpen }: { categories: Category[]; onOpen: (id: number) => void }): JSX.Element {
  const t = useText();
  return (
    <ul class="h-list h-cards">
      {categories.map((category) => (
        <Row
          key={category.id}
          name={`category-${category.id}`}
          title={category.title}
          summary={t("help_count", { count: category.articles.length })}
          lead={<Tile category={category} />}
          onOpen={() => onOpen(category.id)}
        />
      ))}
    </ul>
  );
}

function Articles({ category, onOpen }: { category: Category; onOpen: (id: number) => void }): JSX.Element {
  return (
    <>
      <div class="h-head">
        <Tile category={category} />
        <h3 class="h-name" tabIndex={-1} data-at="name">
          <bdi>{category.title}</bdi>
        </h3>
      </div>
      <ul class="h-list">
        {category.articles.map(({ id, title, summary }: Entry) => (
          <Row key={id} name={`article-${id}`} title={title} summary={summary} onOpen={() => onOpen(id)} />
        ))}
      </ul>
    </>
  );
}

function Tile({ category: { icon, color, ink } }: { category: Category }): JSX.Element {
  // Set by hand, since an attribute of style is what a strict policy forbids.
  const paint = (tile: HTMLElement | null): void => {
    tile?.style.setProperty("background-color", color);
    tile?.style.setProperty("color", ink);
  };
  return (
    <span class="h-tile" ref={paint} aria-hidden="true">
      {icon ? (
        <svg class="h-icon" viewBox={icon.box}>
          {icon.paths.map((d) => (
            <path d={d} key={d} />
          ))}
        </svg>
      ) : (
        <Glyph name="article" />
      )}
    </span>
  );
}

interface RowProps {
  /** What the focus comes back to. */
  name: string;
  title: ComponentChildren;
  summary?: ComponentChildren;
  lead?: ComponentChildren;
  onOpen: () => void;
}

function Row({ name, title, summary, lead, onOpen }: RowProps): JSX.Element {
  return (
    <li>
      <button type="button" class="h-row" data-at={name} onClick={onOpen}>
        {lead}
        <span class="h-words">
          <bdi class="h-title">{title}</bdi>
          {summary && <bdi class="h-sum">{summary}</bdi>}
        </span>
        <Glyph name="next" flip />
      </button>
    </li>
  );
}

interface Loaded<T> {
  key: string;
  data?: T;
  error?: "gone" | "failed";
}

/** What `load` answers for `key`; an answer to an earlier key is not shown. */
function useLoaded<T>(key: string, load: () => Promise<T>): [Loaded<T>, () => void] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ key: "" });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let isWanted = true;
    load().then(
      (data) => isWanted && setLoaded({ key, data }),
      (error: unknown) => isWanted && setLoaded({ key, error: error instanceof Gone ? "gone" : "failed" }),
    );
    return () => {
      isWanted = false;
    };
  }, [key, tries]);
  return [
    loaded,
    () => {
      setLoaded({ key: "" });
      setTries(tries + 1);
    },
  ];
}
