import type { JSX } from "preact";

import { initials } from "../shared/text";

/** Only decoration: the name stands beside it. */
export function Avatar({ name, picture }: { name: string; picture?: string | null | undefined }): JSX.Element {
  return (
    <span class="avatar" aria-hidden="true">
      {picture ? <img src={picture} alt="" width={36} height={36} /> : initials(name)}
    </span>
  );
}
