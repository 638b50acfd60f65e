// One dialogue for everything that needs an answer. The browser keeps the focus in it and gives it back.

import { say } from "./strings.js";

const dialog = () => document.getElementById("dialog");

/** An element with attributes, properties and children. */
export function make(tag, facts = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function field(label, control) {
  return make("label", {}, label, control);
}

export function check(label, control) {
  return make("label", { className: "check" }, control, label);
}

export function choice(label, name, options, chosen) {
  const select = make("select", { name });
  for (const [value, text] of options) select.append(make("option", { value, textContent: text, selected: value === chosen }));
  return field(label, select);
}

export function number(label, name, value, most) {
  return field(label, make("input", { name, type: "number", step: "any", min: "0", max: `${most}`, value: `${value}`, required: true }));
}

/**
 * Ask. `body` are elements; `done` is given the form's values by name and may throw or reject: then the dialogue stays
 * open and says why. Without `modal` the page behind it can be used. Resolves to true once it is done, to false when
 * it is cancelled.
 */
export function ask(title, body, done, { yes = say("ok"), no = say("cancel"), modal = true } = {}) {
  const node = dialog();
  const form = node.querySelector("form");
  const error = node.querySelector("#dialog-error");
  const accept = node.querySelector("#dialog-yes");
  const refuse = node.querySelector("#dialog-no");
  node.querySelector("#dialog-title").textContent = title;
  node.querySelector("#dialog-body").replaceChildren(...body);
  accept.textContent = yes;
  accept.hidden = done === null;
  refuse.textContent = done === null ? say("close") : no;
  error.textContent = "";
  return new Promise((resolve) => {
    let result = false;
    form.onsubmit = async (event) => {
      event.preventDefault();
      if (done === null) return node.close();
      const invalid = form.querySelector(":invalid");
      if (invalid !== null) {
        error.textContent = invalid.validationMessage;
        return invalid.focus();
      }
      accept.disabled = true;
      error.textContent = ""; // what was wrong before may be right now
      try {
        await done(Object.fromEntries(new FormData(form)));
        result = true;
        node.close();
      } catch (problem) {
        error.textContent = problem.message;
      } finally {
        accept.disabled = false;
      }
    };
    form.onkeydown = (event) => { // a list would swallow Enter, and a dialogue that is not modal does not know Escape
      if (event.key === "Escape" && !modal) node.close();
      if (event.key !== "Enter" || event.target.tagName !== "SELECT" || done === null) return;
      event.preventDefault();
      form.requestSubmit();
    };
    refuse.onclick = () => node.close();
    node.onclose = () => resolve(result);
    if (!node.open) modal ? node.showModal() : node.show();
    (node.querySelector("#dialog-body input, #dialog-body select, #dialog-body textarea") ?? (done === null ? refuse : accept)).focus();
  });
}
