// Loaded before Wagtail's own scripts on the desk's page, where markup in strings is forbidden (Trusted Types).
//
// Wagtail's sidebar clears its tooltips by `innerHTML = ""` and copies the site's own logo out of a <template> of the
// same page. Exactly these two may pass: nothing, and what the server itself put into that template.
// core.js wants to find `jQuery` when it starts, and uses it for inline forms only, of which there are none here.

interface Policy {
  createPolicy(name: string, rules: { createHTML(markup: string): string | null }): unknown;
  readonly defaultPolicy: unknown;
}

function allowHarmlessMarkup(): void {
  const types = (window as unknown as { trustedTypes?: Policy }).trustedTypes;
  if (!types || types.defaultPolicy) return;
  const isLogo = (markup: string): boolean =>
    document.querySelector("template[data-wagtail-sidebar-branding-logo]")?.innerHTML === markup;
  try {
    types.createPolicy("default", {
      createHTML: (markup) => (markup === "" || isLogo(markup) ? markup : null),
    });
  } catch {
    // The site's policy names the policies that may exist; then only the sidebar's tooltips are missing.
  }
}

function standInForJQuery(): void {
  const scope = window as unknown as { jQuery?: unknown };
  if (scope.jQuery) return;
  const absent = (): never => {
    throw new Error("jQuery is not loaded on this page");
  };
  scope.jQuery = Object.assign(absent, { fn: {} });
}

allowHarmlessMarkup();
standInForJQuery();
