import type { JSX } from "preact";

import type { Entry } from "../shared/protocol";
import { sizeOf } from "../shared/size";
import { useText, useView } from "../widget/context";

interface FileData {
  url?: string;
  name?: string;
  size?: number;
  width?: number;
  height?: number;
}

/** A file that was sent: a picture is shown, anything else is a link. */
export function File({ entry }: { entry: Entry }): JSX.Element {
  const { config } = useView();
  const t = useText();
  const { url, name = entry.text, size = 0, width, height } = entry.data as FileData;
  const label = t("file_download", { name });
  if (!url) return <p class="text">{name}</p>;
  return width && height ? (
    <a class="f-picture" href={url} download={name} aria-label={label} title={name}>
      <img src={url} alt={name} width={width} height={height} loading="lazy" />
    </a>
  ) : (
    <p class="text">
      <a href={url} download={name} aria-label={label}>
        <bdi>{name}</bdi>
      </a>{" "}
      <span class="f-size">{sizeOf(size, config.lang)}</span>
    </p>
  );
}
