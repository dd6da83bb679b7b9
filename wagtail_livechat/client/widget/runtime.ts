import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Fragment, jsx, jsxs } from "preact/jsx-runtime";

import { useText, useView } from "./context";
import { Icon } from "./icons";

/** What the widget lends to its lazy parts, so that they need not bring it: see build.mjs. */
export const runtime = { Fragment, Icon, jsx, jsxs, useEffect, useLayoutEffect, useRef, useState, useText, useView };
