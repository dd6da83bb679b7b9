import type { ProtocolError, OperatorEvent } from "../shared/protocol";
import { uuid } from "../shared/uuid";

/** A file that was chosen, and is not in the conversation yet. */
export interface Waiting {
  id: string;
  conversation: string;
  file: File;
  state: "ready" | "sending" | "failed";
  /** 0 to 1. */
  done: number;
  /** Why it was not sent, in words. */
  fault: string;
  /** The same again can help. */
  mayRetry: boolean;
}

interface Door {
  url: string;
  headers: Record<string, string>;
  t: (key: string) => string;
  /** What the server answered: the message that the file has become. */
  onEvents: (events: OperatorEvent[]) => void;
  redraw: () => void;
}

/** As many as the server takes in a while. */
const AT_ONCE = 10;
const PATIENCE = 300_000;
const REASONS = ["type", "too_large", "empty", "broken"];

/** Files on their way to visitors. What could not be sent stays here until somebody tries again or puts it away. */
export class Files {
  private list: readonly Waiting[] = [];

  constructor(private readonly door: Door) {}

  of(conversation: string): readonly Waiting[] {
    return this.list.filter((one) => one.conversation === conversation);
  }

  add(conversation: string, files: Iterable<File>): void {
    const chosen = [...files].slice(0, AT_ONCE);
    const fresh = { conversation, state: "ready", done: 0, fault: "", mayRetry: true } as const;
    this.show([...this.list, ...chosen.map((file): Waiting => ({ ...fresh, id: uuid(), file }))]);
  }

  discard(id: string): void {
    this.show(this.list.filter((one) => one.id !== id));
  }

  /** All that are ready. */
  send(conversation: string): void {
    for (const one of this.of(conversation)) if (one.state === "ready") this.upload(one);
  }

  /** With the same id: if the first try did arrive, this one finds it there. */
  retry(id: string): void {
    const one = this.list.find((other) => other.id === id);
    if (one) this.upload(one);
  }

  private upload({ id, conversation, file }: Waiting): void {
    const form = new FormData();
    form.append("conversation", conversation);
    form.append("client_id", id);
    form.append("file", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", this.door.url);
    for (const [name, value] of Object.entries(this.door.headers)) request.setRequestHeader(name, value);
    request.timeout = PATIENCE;
    request.upload.onprogress = ({ loaded, total }) => this.change(id, { done: total ? loaded / total : 0 });
    request.onload = () => {
      const events = eventsOf(request.responseText);
      const error = events.find((event): event is ProtocolError => event.type === "error");
      if (request.status === 201 && !error) {
        this.discard(id);
        this.door.onEvents(events);
      } else this.fail(id, error);
    };
    request.onerror = request.ontimeout = () => this.fail(id, undefined);
    this.change(id, { state: "sending", done: 0, fault: "" });
    request.send(form);
  }

  private fail(id: string, error: ProtocolError | undefined): void {
    const { t } = this.door;
    const isFile = error?.code === "bad_file";
    const reason = REASONS.includes(error?.field ?? "") ? error!.field! : "broken";
    const fault = isFile ? t(`file_${reason}`) : (error?.message ?? t("failed_line"));
    this.change(id, { state: "failed", fault, mayRetry: !isFile });
  }

  private change(id: string, changes: Partial<Waiting>): void {
    this.show(this.list.map((one) => (one.id === id ? { ...one, ...changes } : one)));
  }

  private show(list: readonly Waiting[]): void {
    this.list = list;
    this.door.redraw();
  }
}

function eventsOf(text: string): OperatorEvent[] {
  try {
    const { events } = JSON.parse(text) as { events?: OperatorEvent[] };
    return Array.isArray(events) ? events : [];
  } catch {
    return [];
  }
}
