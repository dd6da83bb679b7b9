export interface HttpDoorOptions {
  commandsUrl: string;
  /** With its query: the cursor changes from poll to poll. */
  eventsUrl: () => string;
  /** Authorization, or the CSRF token. */
  headers: () => Record<string, string>;
  credentials?: RequestCredentials;
  fetch?: typeof fetch;
}

const TIMEOUT = 15_000;

/** The server could not be reached, or what answered was not the server (a proxy's error page, a login form). */
export class HttpFailure extends Error {
  constructor(readonly status: number) {
    super(status ? `HTTP ${status}` : "unreachable");
  }
}

/** The same commands and events over plain HTTP. A refusal is an answer (its `error` event), not a failure. */
export class HttpDoor<C, E> {
  private etag = "";
  private etagOf = "";

  constructor(private readonly options: HttpDoorOptions) {}

  async command(command: C): Promise<E[]> {
    return this.events(
      await this.request(this.options.commandsUrl, {
        method: "POST",
        body: JSON.stringify(command),
        headers: { "Content-Type": "application/json", ...this.options.headers() },
      }),
    );
  }

  /** Events since the cursor; null when nothing changed. */
  async poll(): Promise<E[] | null> {
    const url = this.options.eventsUrl();
    const headers = this.options.headers();
    // A validator is good for the address that it came with only.
    if (this.etag && this.etagOf === url) headers["If-None-Match"] = this.etag;
    const answer = await this.request(url, { headers });
    if (answer.status === 304) return null;
    const events = await this.events(answer);
    this.etag = answer.headers.get("ETag") ?? "";
    this.etagOf = url;
    return events;
  }

  /** Forget what was had: the next poll answers in full. */
  reset(): void {
    this.etag = "";
  }

  private async events(answer: Response): Promise<E[]> {
    let body: { events?: E[] };
    try {
      body = (await answer.json()) as { events?: E[] };
    } catch {
      throw new HttpFailure(answer.status);
    }
    if (!Array.isArray(body.events)) throw new HttpFailure(answer.status);
    return body.events;
  }

  private async request(url: string, init: RequestInit): Promise<Response> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT);
    try {
      // no-store: the browser's own cache would answer a conditional request by itself, and hide the 304.
      return await (this.options.fetch ?? fetch)(url, {
        cache: "no-store",
        credentials: this.options.credentials ?? "omit",
        redirect: "error",
        ...init,
        signal: abort.signal,
      });
    } catch {
      throw new HttpFailure(0);
    } finally {
      clearTimeout(timer);
    }
  }
}
