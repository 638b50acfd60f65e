// What the reviewer decides: each function asks what it needs to know and hands one decision to `decide`.

import { ask, check, choice, field, make, number } from "./dialogs.js";
import { boxAt, stamp } from "./model.js";
import { Region } from "./player.js";
import { say } from "./strings.js";

/** The label of a button without the dots that say that a question follows. */
const plainly = (key) => say(key).replace("…", "");
const round = (value) => Math.round(value * 1000) / 1000;
const span = ({ start, end }) => ({ start: round(start), end: round(Math.max(end, start + 0.001)) });
const SHORTEST = 1; // seconds of a selection from which it says when to mask: a word is shorter
const note = (text) => make("p", { textContent: text });

export function rejectItem(item, decide) {
  const reason = make("input", { name: "reason", required: true, maxLength: 500, autocomplete: "off" });
  return ask(say("rejectTitle", { what: `${say(`kind_${item.kind}`)}, ${stamp(item.start)}` }), [note(say(item.kind === "face" ? "rejectFace" : "rejectWhy")), field(say("reason"), reason)],
    (form) => decide({ kind: "reject", items: [item.id], reason: form.reason.trim() }), { yes: plainly("reject") });
}

/** What was taken out of the chosen words may stand. */
export function bringBack(words, decide) {
  const items = [...new Set(words.map((word) => word.redaction).filter((id) => id !== null))];
  if (items.length === 0) throw new Error(say("needRedacted"));
  const reason = make("input", { name: "reason", required: true, maxLength: 500, autocomplete: "off" });
  return ask(say("backTitle", { what: words.map((word) => word.text).join(" ") }), [note(say("rejectWhy")), field(say("reason"), reason)],
    (form) => decide({ kind: "reject", items, reason: form.reason.trim() }), { yes: plainly("back") });
}

export function redact(selection, decide) {
  const times = { start: stamp(selection.start, 2), end: stamp(selection.end, 2) };
  const options = [["beep", say("beep")], ["silence", say("silenceOption")]];
  return ask(say("redactTitle", times), [choice(say("redactWith"), "operator", options, "beep")],
    (form) => decide({ kind: "redact", spans: [span(selection)], words: selection.words.length > 0, operator: form.operator }), { yes: say("redact") });
}

/** The words as they are compared: without case and punctuation. */
const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

export function occurrences(words, all) {
  const wanted = words.map((word) => plain(word.text));
  const found = [];
  for (let at = 0; at + wanted.length <= all.length; at += 1) {
    if (wanted.every((text, i) => all[at + i].redaction === null && plain(all[at + i].text) === text)) {
      found.push({ start: all[at].start, end: all[at + wanted.length - 1].end });
    }
  }
  return found;
}

export function redactEvery(selection, recording, decide) {
  const words = selection.words.filter((word) => word.redaction === null);
  if (words.length === 0) throw new Error(say("needWord"));
  const count = occurrences(words, recording.words).length;
  const body = [note(say("everyWhat")), make("p", {}, make("strong", { textContent: words.map((word) => word.text).join(" ") })), note(say(count === 1 ? "everyOnce" : "everyCount", { count }))];
  const first = { start: words[0].start, end: words.at(-1).end };
  return ask(say("everyTitle"), body, () => decide({ kind: "redact", spans: [span(first)], every: true, words: true }), { yes: say("every") });
}

export function correct(selection, decide) {
  const [word] = selection.words.filter((one) => one.redaction === null);
  if (word === undefined) throw new Error(say("needWord"));
  const text = make("input", { name: "text", required: true, maxLength: 80, value: word.text, autocomplete: "off" });
  return ask(say("correctTitle"), [field(say("correctText"), text)], (form) => decide({ kind: "correct", ...span(word), text: form.text.trim() }), { yes: say("correct") });
}

export function move(selection, recording, decide) {
  if (recording.people.length < 2) throw new Error(say("needPeople"));
  const options = recording.people.map((person) => [person.id, person.label]);
  const [turn] = [...recording.turns.within(selection.start, selection.end)];
  const other = options.find(([id]) => id !== turn?.person)?.[0];
  const body = [choice(say("moveFrom"), "person", options, turn?.person), choice(say("moveTo"), "to", options, other)];
  return ask(say("moveTitle", { start: stamp(selection.start), end: stamp(selection.end) }), body,
    (form) => decide({ kind: "move", ...span(selection), person: form.person, to: form.to }), { yes: say("moveYes") });
}

function percent(label, name, share) {
  return number(label, name, Math.round(share * 1000) / 10, 100);
}

/** The page behind stays in use: the region can be drawn over the picture, and the picture be played. */
export function mask(selection, time, recording, region, decide) {
  const long = selection !== null && selection.end - selection.start >= SHORTEST;
  const at = long ? selection : { start: time, end: Math.min(time + 5, recording.duration) };
  const faces = [...recording.faces.within(at.start, at.end)].filter((face) => !face.masked);
  const options = [["", say("maskRegion")], ...faces.map((face) => [face.id, say("maskFace", {
    who: recording.label(face.person) ?? say("nobody"), start: stamp(face.start), end: stamp(face.end),
  })])];
  const box = region.box ?? { x: 0.4, y: 0.3, width: 0.2, height: 0.3 };
  const kind = choice(say("maskWhat"), "track", options, region.box === null && faces.length ? faces[0].id : "");
  const sides = make("fieldset", {}, make("legend", { textContent: say("maskRegion") }), percent(say("left"), "x", box.x),
    percent(say("top"), "y", box.y), percent(say("width"), "width", box.width), percent(say("height"), "height", box.height));
  const times = make("fieldset", {}, make("legend", { textContent: say("maskWhen") }),
    number(say("from"), "start", round(at.start), recording.duration), number(say("to"), "end", round(at.end), recording.duration));
  const select = kind.querySelector("select");
  const draw = () => {
    sides.disabled = select.value !== "";
    const face = faces.find((one) => one.id === select.value);
    const read = (name) => Number(sides.querySelector(`[name=${name}]`).value) / 100;
    if (face !== undefined) region.put(boxAt(face, time) && Region.ofFace(face, time, recording));
    else region.put({ x: read("x"), y: read("y"), width: read("width"), height: read("height") });
  };
  select.onchange = draw;
  sides.oninput = draw;
  region.changed = (drawn) => {
    select.value = "";
    sides.disabled = false;
    for (const [name, share] of Object.entries(drawn)) sides.querySelector(`[name=${name}]`).value = `${Math.round(share * 1000) / 10}`;
  };
  draw();
  return ask(say("maskTitle"), [kind, sides, times], (form) => {
    const when = span({ start: Number(form.start), end: Number(form.end) });
    if (form.track) return decide({ kind: "mask", ...when, track: form.track });
    const share = (name) => Math.min(Math.max(Number(form[name]) / 100, 0), 1);
    return decide({ kind: "mask", ...when, box: { x: share("x"), y: share("y"), width: share("width"), height: share("height") } });
  }, { yes: say("mask"), modal: false }).finally(() => region.put(null));
}

export function showFace(time, recording, decide) {
  const faces = recording.faces.at(time).filter((face) => face.masked);
  const people = recording.people.filter((person) => person.registered);
  if (faces.length === 0 || people.length === 0) throw new Error(say("showNone"));
  const which = faces.map((face) => [face.id, say("maskFace", { who: recording.label(face.person) ?? say("nobody"), start: stamp(face.start), end: stamp(face.end) })]);
  const body = [choice(say("showWhich"), "track", which), choice(say("showWho"), "person", people.map((person) => [person.id, person.label]))];
  return ask(say("showTitle"), body, (form) => decide({ kind: "show", track: form.track, person: form.person }), { yes: say("show") });
}

export function rename(person, decide) {
  const name = make("input", { name: "name", value: person.name ?? "", maxLength: 200, autocomplete: "off" });
  return ask(say("renameTitle", { who: person.label }), [field(say("renameName"), name)],
    (form) => decide({ kind: "rename", person: person.id, name: form.name.trim() || null }), { yes: plainly("rename") });
}

export function merge(person, recording, decide) {
  const others = recording.people.filter((one) => one.id !== person.id).map((one) => [one.id, one.label]);
  return ask(say("mergeTitle", { who: person.label }), [choice(say("people"), "person", others)],
    (form) => decide({ kind: "merge", person: form.person, other: person.id }), { yes: plainly("merge") });
}

export function answers(person, decide) {
  const options = [["", say("asBefore")], ["yes", say("yes")], ["no", say("no")]];
  const rows = ["seen", "heard", "quoted", "named"].map((answer) => choice(say(`answer_${answer}`), answer, options, ""));
  return ask(say("answersTitle", { who: person.label }), [note(say("answersNote")), ...rows], (form) => {
    const given = Object.entries(form).filter(([, value]) => value !== "").map(([name, value]) => [name, value === "yes"]);
    return decide({ kind: "answer", person: person.id, ...Object.fromEntries(given) });
  }, { yes: say("save") });
}

export function enrol(person, send) {
  const name = make("input", { name: "name", required: true, maxLength: 200, autocomplete: "off" });
  const purpose = make("input", { name: "purpose", required: true, maxLength: 200, autocomplete: "off" });
  const boxes = ["Seen", "Heard", "Quoted", "Named"].map((answer) =>
    check(say(`enrol${answer}`), make("input", { type: "checkbox", name: answer.toLowerCase() })));
  const asked = make("input", { type: "checkbox", name: "asked" });
  const group = make("fieldset", {}, make("legend", { textContent: say("enrolConsent") }), ...boxes);
  return ask(say("enrolTitle", { who: person.label }), [field(say("enrolName"), name), field(say("enrolPurpose"), purpose), group, check(say("enrolAsked"), asked)], (form) => {
    if (!form.asked) throw new Error(say("enrolMust"));
    const consent = ["seen", "heard", "quoted", "named"].filter((answer) => form[answer] !== undefined);
    return send({ person: person.id, name: form.name.trim(), purpose: form.purpose.trim(), consent });
  }, { yes: plainly("enrol") });
}
