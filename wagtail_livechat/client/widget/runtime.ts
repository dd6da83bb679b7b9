import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Fragment, jsx, jsxs } from "preact/jsx-runtime";

import { uuid } from "../shared/uuid";
import { suggests, useText, useView } from "./context";
import { Icon } from "./icons";
import { Lazy } from "./Lazy";

/** What the widget lends to its lazy parts, so that they need not bring it: see build.mjs. */
export const runtime = { Fragment, Icon, Lazy, jsx, jsxs, useEffect, useLayoutEffect, useRef, useState, suggests, useText, useView, uuid };
