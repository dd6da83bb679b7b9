import { Icon } from "../offers/Icon";
import { initials } from "../shared/text";

const TINTS = 6;

/** Initials on a tint that stays the same for a name; a dot tells whether the visitor is on the site (null: no dot). */
export function Avatar({ name, picture, isOnline = null }: { name: string; picture?: string | undefined; isOnline?: boolean | null }) {
  let sum = 0;
  for (const char of name) sum = (sum * 31 + char.codePointAt(0)!) % 997;
  return (
    <span class={`lcd-avatar lcd-avatar--${sum % TINTS}`} aria-hidden="true">
      {picture ? <img src={picture} alt="" /> : initials(name) || <Icon name="user" />}
      {isOnline !== null && <span class={`lcd-dot lcd-dot--${isOnline ? "available" : "offline"}`} />}
    </span>
  );
}
