/** What the frame tells the page that it is in: where the chat is drawn. Nothing of what is said in it. */
export interface ToPage {
  livechat: "shape";
  /** There is something to see. */
  drawn: boolean;
  open: boolean;
  /** The open window is as large as the frame may become. */
  full: boolean;
  side: "left" | "right";
  /** How far what is drawn stays away from each edge of the frame: top, right, bottom, left. */
  inset: [number, number, number, number];
  title: string;
}

export interface ToFrame {
  livechat: "open";
}
