import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import type { ProtocolError, VisitorEvent } from "../shared/protocol";
import { uuid } from "../shared/uuid";
import type { Config, TextKey } from "../widget/config";
import { useText, useView } from "../widget/context";
import { Icon } from "../widget/icons";

const CLIP = "M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.6-8.6a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.7-7.7";

interface Upload {
  id: string;
  file: File;
  /** 0 to 1. */
  done: number;
  fault?: TextKey;
}

/** The button to send a file with, and what is on its way or was refused. */
export function Attach(): JSX.Element {
  const { chat, config, gesture } = useView();
  const t = useText();
  const input = useRef<HTMLInputElement>(null);
  const [uploads, setUploads] = useState<Upload[]>([]);

  const change = (id: string, changes: Partial<Upload> | null): void =>
    setUploads((old) => old.flatMap((one) => (one.id !== id ? [one] : changes ? [{ ...one, ...changes }] : [])));

  const send = (upload: Upload): void => {
    const conversation = chat.openConversation();
    const fault = conversation ? faultOf(upload.file, config) : "error_conversation_ended";
    if (fault || !conversation) return change(upload.id, { fault: fault ?? "failed" });
    const form = new FormData();
    form.append("conversation", conversation);
    form.append("client_id", upload.id);
    form.append("file", upload.file);
    const request = new XMLHttpRequest();
    request.open("POST", config.urls.upload);
    request.setRequestHeader("Authorization", `Bearer ${chat.token() ?? ""}`);
    request.timeout = 300_000;
    request.upload.onprogress = ({ loaded, total }) => change(upload.id, { done: total ? loaded / total : 0 });
    request.onload = () => {
      const events = eventsOf(request.responseText);
      const error = events.find((event): event is ProtocolError => event.type === "error");
      if (request.status === 201 && !error) {
        change(upload.id, null);
        chat.take(events);
      } else change(upload.id, { fault: reasonOf(error) });
    };
    request.onerror = request.ontimeout = () => change(upload.id, { fault: "failed" });
    request.send(form);
  };

  const choose = (files: FileList | null): void => {
    gesture();
    const chosen = [...(files ?? [])].slice(0, 10).map((file): Upload => ({ id: uuid(), file, done: 0 }));
    setUploads((old) => [...old, ...chosen]);
    // One after the other would be slower; the server puts them in order.
    chosen.forEach(send);
    input.current!.value = "";
  };

  return (
    <div class="f-clip">
      <button type="button" class="plain" aria-label={t("attach")} title={t("attach")} onClick={() => input.current!.click()}>
        <Icon d={CLIP} />
      </button>
      <input
        hidden
        ref={input}
        type="file"
        multiple
        accept={config.files.types.map((ending) => `.${ending}`).join()}
        onChange={({ currentTarget }) => choose(currentTarget.files)}
      />
      {uploads.length > 0 && (
        <ul class="f-uploads">
          {uploads.map((upload) => (
            <li key={upload.id}>
              {upload.fault ? (
                <>
                  <p class="f-fault" role="alert">
                    {t("file_not_sent", { name: upload.file.name })}{" "}
                    {t(upload.fault, { megabytes: Math.floor(config.files.bytes / 1e6) })}
                  </p>
                  {upload.fault === "failed" && (
                    <button
                      type="button"
                      class="link"
                      onClick={() => {
                        // The same id: if the first try did arrive, this one finds it there.
                        change(upload.id, { fault: undefined as never, done: 0 });
                        send(upload);
                      }}
                    >
                      {t("try_again")}
                    </button>
                  )}
                  <button type="button" class="link" onClick={() => change(upload.id, null)}>
                    {t("discard")}
                  </button>
                </>
              ) : (
                <label>
                  {t("file_sending", { name: upload.file.name })}
                  <progress max={1} value={upload.done} />
                </label>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What can be told without asking the server. */
function faultOf({ name, size }: File, { files }: Config): TextKey | null {
  const ending = name.split(".").pop()!.toLowerCase();
  if (!files.types.includes(ending)) return "file_type";
  if (size > files.bytes) return "file_too_large";
  return size ? null : "file_empty";
}

function reasonOf(error: ProtocolError | undefined): TextKey {
  if (error?.code === "bad_file") {
    const reason = `file_${error.field}` as TextKey;
    return ["file_type", "file_too_large", "file_empty"].includes(reason) ? reason : "file_broken";
  }
  if (error?.code === "conversation_ended" || error?.code === "closed") return `error_${error.code}`;
  return "failed";
}

function eventsOf(text: string): VisitorEvent[] {
  try {
    const { events } = JSON.parse(text) as { events?: VisitorEvent[] };
    return Array.isArray(events) ? events : [];
  } catch {
    return [];
  }
}
