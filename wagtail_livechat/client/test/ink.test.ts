import assert from "node:assert/strict";
import { test } from "node:test";

import { contrast, readableInk } from "../looks/ink";

test("the text on a colour is readable, whatever the colour", () => {
  for (let red = 0; red < 256; red += 15)
    for (let green = 0; green < 256; green += 15)
      for (let blue = 0; blue < 256; blue += 15) {
        const color = `#${[red, green, blue].map((value) => value.toString(16).padStart(2, "0")).join("")}`;
        assert.ok(contrast(color, readableInk(color)) >= 4.5, color);
      }
});
