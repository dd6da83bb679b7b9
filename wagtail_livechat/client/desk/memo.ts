import { Component, createElement, type ComponentChild, type ComponentType, type FunctionComponent } from "preact";

/** A component that is drawn again only when one of its properties is another one. */
export function memo<P extends object>(view: FunctionComponent<P>): ComponentType<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const before = this.props as Record<string, unknown>;
      const after = next as Record<string, unknown>;
      return [...new Set([...Object.keys(before), ...Object.keys(after)])].some((key) => before[key] !== after[key]);
    }

    override render(): ComponentChild {
      // As a component of its own, so that it may use hooks.
      return createElement(view, this.props as P & { children?: never });
    }
  };
}
