// The widget's help: fetched when a tab of it is chosen, or when a question is being typed. It runs on what the widget
// lends it (widget/runtime.ts).
import type { Brought } from "../widget/Lazy";
import css from "./help.css";
import { Help } from "./Help";
import { Suggest } from "./Suggest";

const parts: Brought<"Help" | "Suggest"> = { css, Help, Suggest };
window.wagtailLivechat!.help = parts;
