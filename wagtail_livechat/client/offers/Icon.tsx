/** An icon of the admin's sprite. Decoration: what it means is said in words beside it or in the control's name. */
export function Icon({ name, class: extra = "" }: { name: string; class?: string }) {
  return (
    <svg class={`icon icon-${name} ${extra}`} aria-hidden="true">
      <use href={`#icon-${name}`} />
    </svg>
  );
}
