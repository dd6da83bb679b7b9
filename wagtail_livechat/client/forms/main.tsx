// The widget's forms: fetched when the first one is needed. It runs on what the widget lends it (widget/runtime.ts).
import type { Brought } from "../widget/Lazy";
import { Address } from "./Address";
import { After } from "./After";
import { Closed } from "./Closed";
import { AskEnd } from "./AskEnd";
import { Attach } from "./Attach";
import { File } from "./File";
import { Emoji } from "./Emoji";
import css from "./forms.css";
import { Intake } from "./Intake";
import { Refused } from "./Refused";

const parts: Brought<"Intake" | "Address" | "After" | "AskEnd" | "Attach" | "Closed" | "Emoji" | "File" | "Refused"> = { css, Intake, Address, After, AskEnd, Attach, Closed, Emoji, File, Refused };
window.wagtailLivechat!.forms = parts;
