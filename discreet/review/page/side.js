// The lists at the side: what needs attention, people, decisions, notes.

import { make } from "./dialogs.js";
import { stamp } from "./model.js";
import { say } from "./strings.js";

const PAGE = 30; // rows of a list that are shown at first

/** Tabs as the ARIA practices describe them: arrows move, the panel follows. */
export function tabs() {
  const all = [...document.querySelectorAll("[role=tab]")];
  const open = (tab, focus) => {
    for (const one of all) {
      const chosen = one === tab;
      one.setAttribute("aria-selected", `${chosen}`);
      one.tabIndex = chosen ? 0 : -1;
      document.getElementById(one.getAttribute("aria-controls")).hidden = !chosen;
    }
    if (focus) tab.focus();
  };
  all.forEach((tab, index) => {
    tab.onclick = () => open(tab, false);
    tab.onkeydown = (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by !== undefined) open(all[(index + by + all.length) % all.length], true);
    };
  });
  return (id) => open(document.getElementById(`tab-${id}`), false);
}

function button(text, action) {
  return make("button", { type: "button", textContent: text, onclick: action });
}

function paragraph(text, facts = {}) {
  return make("p", { ...facts, textContent: text });
}

/** What an empty list says. */
function empty(text) {
  return paragraph(text, { className: "empty" });
}

/** What needs attention, riskiest first; what is decided comes last. */
export class Attention {
  constructor(panel, actions) {
    this.panel = panel;
    this.actions = actions;
    this.limit = PAGE;
    this.current = null;
    this.all = null;
    this.settled = new Set();
    this.rows = new Map();
  }

  show(items, settled) {
    if (items === this.all && settled.size === this.settled.size && [...settled].every((id) => this.settled.has(id))) return;
    this.all = items;
    this.items = [...items.filter((i) => !settled.has(i.id)), ...items.filter((i) => settled.has(i.id))];
    this.settled = settled;
    const open = items.filter((item) => !settled.has(item.id)).length;
    document.getElementById("tab-attention").textContent = say("attention", { open });
    this.draw();
  }

  draw() {
    const shown = this.items.slice(0, this.limit);
    const at = this.items.findIndex((item) => item.id === this.current);
    if (at >= shown.length) shown.push(this.items[at]);
    const list = make("ol");
    const before = this.rows;
    this.rows = new Map();
    for (const item of shown) {
      const settled = this.settled.has(item.id);
      let row = before.get(item.id);
      if (row === undefined || row.settled !== settled) row = { settled, node: this.row(item, settled) };
      this.mark(row.node, item.id === this.current);
      this.rows.set(item.id, row);
      list.append(row.node);
    }
    const rest = this.items.length - shown.length;
    const parts = this.items.length ? [list] : [empty(say("noItems"))];
    if (rest > 0) parts.push(button(say("showMore", { count: Math.min(rest, PAGE) }), () => { this.limit += PAGE; this.draw(); }));
    this.panel.replaceChildren(...parts);
  }

  mark(node, current) {
    node.classList.toggle("current", current);
    if (current) node.setAttribute("aria-current", "true");
    else node.removeAttribute("aria-current");
  }

  row(item, settled) {
    const place = stamp(item.start);
    const head = make("p", {}, make("span", { className: "kind", textContent: say(`kind_${item.kind}`) }),
      make("span", { className: "facts", textContent: ` ${place}, ${say("risk", { percent: Math.round(item.risk * 100) })}, ${say(settled ? "itemDone" : "itemOpen")}` }));
    const tools = make("div", { className: "tools" }, button(say("goThere", { time: place }), () => this.actions.go(item)));
    if (!settled) {
      tools.append(button(say("approve"), () => this.actions.approve(item)));
      if (item.rejectable && this.change) tools.append(button(say("reject"), () => this.actions.reject(item)));
    }
    return make("li", { className: settled ? "settled" : "open" }, head, paragraph(item.text), tools);
  }

  select(id) {
    const before = this.rows.get(this.current)?.node;
    if (before !== undefined) this.mark(before, false);
    this.current = id;
    if (this.rows.has(id)) this.mark(this.rows.get(id).node, true);
    else this.draw();
    const node = this.rows.get(id)?.node;
    if (node === undefined) return;
    const box = this.panel.getBoundingClientRect();
    const place = node.getBoundingClientRect();
    if (place.top < box.top || place.bottom > box.bottom) this.panel.scrollTop += place.top - box.top - 8;
  }

  /** The next open item from the current one, in the order of the list. */
  next(by) {
    const open = this.items.filter((item) => !this.settled.has(item.id) || item.id === this.current);
    if (open.length === 0) return null;
    const at = open.findIndex((item) => item.id === this.current);
    const next = at < 0 ? (by > 0 ? 0 : open.length - 1) : Math.min(Math.max(at + by, 0), open.length - 1);
    return open[next];
  }

  get chosen() {
    return this.items.find((item) => item.id === this.current) ?? null;
  }
}

export function people(panel, recording, actions) {
  const list = make("ul");
  for (const person of recording.people) {
    const spoke = recording.turnsOf.get(person.id).items.reduce((sum, turn) => sum + turn.end - turn.start, 0);
    const yes = ["seen", "heard", "quoted"].filter((answer) => person[answer]);
    if (person.name !== null) yes.push("named");
    const agreed = yes.length ? say("personAgreed", { what: yes.map((word) => say(`answerWord_${word}`)).join(", ") }) : say("personNothing");
    const facts = [spoke > 0 ? say("personSpoke", { seconds: spoke.toFixed(1) }) : say("personSilent"), person.registered ? agreed : say("personStranger")];
    const tools = make("div", { className: "tools" });
    for (const action of recording.can.change ? ["rename", "merge", "answers", "enrol"] : []) {
      if (action === "enrol" && (person.registered || !recording.can.enrol)) continue;
      if (action === "merge" && recording.people.length < 2) continue;
      const one = button(say(action), () => actions[action](person));
      one.setAttribute("aria-label", `${say(action)} ${person.label}`);
      tools.append(one);
    }
    const head = paragraph(person.label, { className: "kind" });
    list.append(make("li", { className: `c${person.number % 8}` }, head, paragraph(facts.join(", "), { className: "facts" }), tools));
  }
  panel.replaceChildren(recording.people.length ? list : empty(say("noPeople")));
}

/** What a decision says, in words. */
export function tell(decision, recording) {
  const span = (one) => `${stamp(one.start)} to ${stamp(one.end)}`;
  const who = (id) => recording.label(id) ?? id;
  const items = (ids) => {
    const one = recording.items.find((item) => item.id === ids[0]);
    return ids.length === 1 && one ? `${say(`kind_${one.kind}`)}, ${stamp(one.start)}` : say("places", { count: ids.length });
  };
  const what = {
    approve: (d) => items(d.items),
    reject: (d) => items(d.items),
    redact: (d) => (d.spans.length === 1 ? span(d.spans[0]) : say("places", { count: d.spans.length })),
    mask: (d) => span(d),
    show: (d) => who(d.person),
    rename: (d) => say("into", { one: who(d.person), other: d.name ?? recording.byId.get(d.person)?.pseudonym ?? d.person }),
    merge: (d) => say("into", { one: who(d.other), other: who(d.person) }),
    move: (d) => `${span(d)}, ${say("into", { one: who(d.person), other: who(d.to) })}`,
    correct: (d) => `${stamp(d.start)}: ${d.text}`,
    answer: (d) => `${who(d.person)}: ${["seen", "heard", "quoted", "named"].filter((a) => typeof d[a] === "boolean")
      .map((a) => `${say(`answerWord_${a}`)} ${say(d[a] ? "yes" : "no")}`).join(", ")}`,
    confirm: () => "",
  }[decision.kind](decision);
  const kind = decision.kind === "redact" && decision.every ? "every" : decision.kind;
  return say(`decided_${kind}`, { what, reason: decision.reason ?? "" });
}

export function decisions(panel, recording, { entries, confirm: offered, second }, confirm) {
  const list = make("ol");
  for (const entry of [...entries].reverse()) {
    const when = new Date(entry.at).toLocaleString();
    list.append(make("li", {}, paragraph(tell(entry.decision, recording)), paragraph(say("by", { who: entry.author, when }), { className: "facts" })));
  }
  const parts = [entries.length ? list : empty(say("noDecisions"))];
  if (offered) parts.push(button(say("confirm"), confirm));
  else if (second) parts.push(paragraph(say("confirmFirst")));
  panel.replaceChildren(...parts);
}

export function notes(panel, recording) {
  const list = make("ul");
  for (const note of recording.notes) list.append(make("li", { textContent: note }));
  panel.replaceChildren(recording.notes.length ? list : empty(say("noNotes")));
}
