// The widget's forms: fetched when the first one is needed. It runs on what the widget lends it (widget/runtime.ts).
import type { Parts } from "../widget/Lazy";
import { Address } from "./Address";
import { After } from "./After";
import { Closed } from "./Closed";
import { Attach } from "./Attach";
import { File } from "./File";
import css from "./forms.css";
import { Intake } from "./Intake";

const parts: Parts = { css, Intake, Address, After, Attach, Closed, File };
window.wagtailLivechat!.forms = parts;
