// The keys. Single keys can be switched off (WCAG 2.1.4); every one does what a button or a list does, too.

import { ask, check, make } from "./dialogs.js";
import { say } from "./strings.js";

export const KEYS = [
  ["Space", "play"], ["Shift+Space", "playSelection"], ["s", "half"],
  ["ArrowLeft", "back"], ["ArrowRight", "forward"], [",", "frameBack"], [".", "frameForward"], ["Home", "start"], ["End", "end"],
  ["[", "selectStart"], ["]", "selectEnd"], ["p", "turn"], ["Escape", "clear"],
  ["b", "previousWord"], ["w", "nextWord"], ["Shift+W", "extendWord"],
  ["k", "previousItem"], ["j", "nextItem"], ["a", "approve"], ["x", "reject"],
  ["r", "redact"], ["e", "every"], ["c", "correct"], ["t", "move"], ["m", "mask"], ["f", "show"], ["o", "original"],
  ["u", "undo"], ["Shift+U", "redo"], ["Ctrl+z", "undo"], ["Ctrl+Shift+Z", "redo"],
  ["+", "zoomIn"], ["-", "zoomOut"], ["0", "zoomAll"], ["PageUp", "pageBack"], ["PageDown", "pageForward"],
  ["Ctrl+Enter", "render"], ["?", "help"],
];
const SHOWN = { ArrowLeft: "←", ArrowRight: "→" };
const KEPT = "discreet-review-single-keys";
const TYPING = "input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]";
const SCROLLED = new Set(["Home", "End", "PageUp", "PageDown"]);

function nameOf(event) {
  const key = event.key === " " ? "Space" : event.key;
  const shift = event.shiftKey && (key.length > 1 || /[A-Z]/.test(key));
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${shift ? "Shift+" : ""}${key}`;
}

/** Call the action of each key that is pressed where nobody types. */
export function connect(actions) {
  const byKey = new Map(KEYS.map(([key, action]) => [key, action]));
  addEventListener("keydown", (event) => {
    if (document.getElementById("dialog").open || event.altKey || event.target.closest(TYPING)) return;
    const name = nameOf(event);
    const action = byKey.get(name);
    if (action === undefined) return;
    const plain = !name.startsWith("Ctrl+");
    if (plain && name.length === 1 && name !== "?" && !single()) return;
    // Buttons are pressed with the space bar; lists and texts are scrolled with their own keys.
    if (name.endsWith("Space") && event.target.closest("button, [role=tab], input")) return;
    if (event.target.closest("[role=tablist]") && name.startsWith("Arrow")) return;
    if (SCROLLED.has(name) && event.target.closest("[role=tabpanel], #transcript")) return;
    event.preventDefault();
    actions[action]();
  });
}

function single() {
  return localStorage.getItem(KEPT) !== "off";
}

export function help() {
  const rows = new Map();
  for (const [key, action] of KEYS) rows.set(action, [...(rows.get(action) ?? []), key]);
  const table = make("table");
  table.append(make("tr", {}, make("th", { scope: "col", textContent: say("helpKey") }), make("th", { scope: "col", textContent: say("helpDoes") })));
  for (const [action, keys] of rows) {
    const cell = make("td");
    keys.forEach((key, index) => cell.append(index ? " " : "", make("kbd", { textContent: SHOWN[key] ?? key })));
    table.append(make("tr", {}, cell, make("td", { textContent: say(`key_${action}`) })));
  }
  const box = make("input", { type: "checkbox", checked: single() });
  box.onchange = () => localStorage.setItem(KEPT, box.checked ? "on" : "off");
  return ask(say("helpTitle"), [check(say("helpSingle"), box), table], null);
}
