import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../offers/Icon";
import type { DeskApp } from "./app";
import type { Waiting } from "./files";

const THUMB = 96;

/** The button that chooses files. */
export function FileButton({ app, conversation }: { app: DeskApp; conversation: string }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="lcd-composer__mode lcd-composer__attach" onClick={() => input.current?.click()}>
        <Icon name="upload" /> {app.t("attach")}
      </button>
      <input
        ref={input}
        hidden
        type="file"
        multiple
        onChange={({ currentTarget }) => {
          app.files.add(conversation, currentTarget.files ?? []);
          currentTarget.value = "";
        }}
      />
    </>
  );
}

/** What was chosen and is not in the conversation yet, with what came of it. */
export function FileList({ app, conversation, isNote }: { app: DeskApp; conversation: string; isNote: boolean }) {
  const { t } = app;
  const files = app.files.of(conversation);
  if (!files.length) return null;
  return (
    <>
      <ul class="lcd-files" aria-label={t("files")}>
        {files.map((one) => (
          <li key={one.id} class={`lcd-file lcd-file--${one.state}`}>
            <Thumb file={one.file} />
            <div class="lcd-file__about">
              <bdi class="lcd-file__name" title={one.file.name}>
                {one.file.name}
              </bdi>
              <State app={app} one={one} />
            </div>
            {one.state === "failed" && one.mayRetry && (
              <button type="button" class="button button-small" onClick={() => app.files.retry(one.id)}>
                {t("retry")}
              </button>
            )}
            {one.state !== "sending" && (
              <button
                type="button"
                class="lcd-file__away"
                aria-label={t("file_remove", { name: one.file.name })}
                title={t("file_remove", { name: one.file.name })}
                onClick={() => app.files.discard(one.id)}
              >
                <Icon name="cross" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {isNote && <p class="lcd-files__hint">{t("file_reply_only")}</p>}
    </>
  );
}

function State({ app, one }: { app: DeskApp; one: Waiting }) {
  const { t, formats } = app;
  if (one.state === "failed") {
    return (
      <span class="lcd-file__fault" role="alert">
        {t("refused", { reason: one.fault })}
      </span>
    );
  }
  if (one.state === "sending") return <progress max={1} value={one.done} aria-label={t("file_sending", { name: one.file.name })} />;
  return <span class="lcd-file__size">{formats.sizeOf(one.file.size)}</span>;
}

/** A small picture of a picture. Drawn, not shown by an address of its own, which the page's policy need not allow then. */
function Thumb({ file }: { file: File }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isPicture, setIsPicture] = useState(file.type.startsWith("image/"));
  useEffect(() => {
    if (!isPicture) return;
    let isGone = false;
    createImageBitmap(file).then(
      (picture) => {
        const context = canvas.current?.getContext("2d");
        if (isGone || !context) return;
        const scale = Math.max(THUMB / picture.width, THUMB / picture.height);
        const [width, height] = [picture.width * scale, picture.height * scale];
        context.drawImage(picture, (THUMB - width) / 2, (THUMB - height) / 2, width, height);
        picture.close();
      },
      () => isGone || setIsPicture(false),
    );
    return () => {
      isGone = true;
    };
  }, [file]);
  return isPicture ? (
    <canvas ref={canvas} class="lcd-file__thumb" width={THUMB} height={THUMB} aria-hidden="true" />
  ) : (
    <span class="lcd-file__thumb">
      <Icon name="doc-full" />
    </span>
  );
}

/**
 * Files that are dragged onto the desk are for the conversation that is open; wherever they fall, the browser must not leave
 * the desk for them. Returns whether some are being held above it.
 */
export function useDrop(app: DeskApp, conversation: string): boolean {
  const [isOver, setOver] = useState(false);
  useLayoutEffect(() => {
    const hasFiles = (event: DragEvent): boolean => !!event.dataTransfer?.types.includes("Files");
    const onOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (!event.relatedTarget) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      app.files.add(conversation, event.dataTransfer?.files ?? []);
    };
    document.addEventListener("dragover", onOver);
    document.addEventListener("dragleave", onLeave);
    document.addEventListener("drop", onDrop);
    return () => {
      document.removeEventListener("dragover", onOver);
      document.removeEventListener("dragleave", onLeave);
      document.removeEventListener("drop", onDrop);
    };
  }, [app, conversation]);
  return isOver;
}

/** A picture from the clipboard is a file; text that came with it (a table's, say) goes before it. */
export function pastedFiles({ clipboardData }: ClipboardEvent): File[] {
  if (!clipboardData || clipboardData.types.includes("text/plain")) return [];
  return [...clipboardData.files];
}

