// Puts the page together: what is shown, what is selected, what is decided, and who tells whom.

import { getBytes, getJson, listen, post, postForBlob, used } from "./api.js";
import * as ask from "./decide.js";
import { ask as question, make } from "./dialogs.js";
import * as keys from "./keys.js";
import { Lanes } from "./lanes.js";
import { Recording, stamp } from "./model.js";
import { Player, Region } from "./player.js";
import * as side from "./side.js";
import { fill, say } from "./strings.js";
import { Transcript } from "./transcript.js";

const $ = (id) => document.getElementById(id);
fill(document);
$("state").textContent = say("loading");
$("hint").textContent = say("hint");

let recording = null;
let state = { entries: [], undecided: [], undo: null, redo: null, changed: false, confirm: false, second: false };
let selection = null; // { start, end, words }
const waiting = []; // decisions that the server has not got yet, in order
let sending = false;

const lanes = new Lanes($("lanes"), $("canvas"));
const region = new Region($("region"), $("video"));
const player = new Player($("video"), { moved });
const openTab = side.tabs();
const transcript = new Transcript($("transcript"), { jump: (t) => player.jump(t), select: (span, words) => select({ ...span, words }) });
const attention = new side.Attention($("attention"), { go, approve, reject: (item) => attempt(() => ask.rejectItem(item, decide)) });
lanes.connect({ jump: (t) => player.jump(t), select: (span) => { transcript.clear(); select({ ...span, words: [] }); }, item: go, turn: turnAt });

function announce(text) {
  $("live").textContent = text;
}

async function attempt(action) {
  try {
    await action();
  } catch (error) {
    const text = say("failed", { why: error.message });
    announce(text);
    $("state").textContent = text;
  }
}

function moved(time) {
  if (recording === null) return;
  lanes.time = time;
  lanes.keepInView(time);
  lanes.draw();
  transcript.follow(recording.wordAt(time), $("follow").checked);
  const names = recording.speakersAt(time);
  const who = names.length ? say("speaks", { names: names.join(", ") }) : say("silence");
  $("lanes").setAttribute("aria-valuenow", time.toFixed(1));
  $("lanes").setAttribute("aria-valuetext", say("position", { time: stamp(time), who }));
}

function select(span) {
  selection = span;
  lanes.selection = span;
  lanes.draw();
  const words = span === null ? "" : (span.words.length ? span.words : [...recording.wordSpans.within(span.start, span.end)]).map((word) => word.text).join(" ");
  $("selection").textContent = span === null ? say("selectedNothing") : say("selected", {
    start: stamp(span.start, 2), end: stamp(span.end, 2), length: (span.end - span.start).toFixed(2), words: words.slice(0, 120),
  });
}

/** Select what one person says around a time without a break. */
function turnAt(time) {
  const [turn] = recording.turns.at(time);
  if (turn === undefined) return announce(say("silence"));
  transcript.clear();
  select({ start: turn.start, end: turn.end, words: [] });
}

const chosenRedacted = () => selection?.words.some((word) => word.redaction !== null) ?? false;

function needSelection() {
  if (selection === null) throw new Error(say("needSelection"));
  return selection;
}

/** Hand a decision to the server; what it answers is what holds. */
function decide(decision) {
  return send({ path: "decide", decision }).then(() => announce(say("saved")));
}

function history(path) {
  return send({ path });
}

function send(step) {
  return new Promise((resolve, reject) => {
    waiting.push({ ...step, resolve, reject });
    flush();
  });
}

/** Send what waits, one request at a time: decisions that were made meanwhile go together. */
async function flush() {
  if (sending || waiting.length === 0) return;
  sending = true;
  const many = waiting.findIndex((step) => step.path !== "decide");
  const steps = waiting.splice(0, Math.min(Math.max(many < 0 ? waiting.length : many, 1), 100));
  try {
    await together(steps);
  } catch (error) {
    if (steps.length === 1) steps[0].reject(error);
    else for (const step of steps) await together([step]).catch(step.reject); // one was refused, and nothing was written
  }
  sending = false;
  flush();
}

async function together(steps) {
  const [{ path }] = steps;
  hold(await post(path, path === "decide" ? { decisions: steps.map((step) => step.decision) } : {}));
  for (const step of steps) step.resolve();
}

/** Show the decisions as the server has them. */
function hold(answer) {
  state = answer;
  const settled = new Set(recording.items.map((item) => item.id));
  for (const id of state.undecided) settled.delete(id);
  lanes.settled = settled;
  lanes.marks = state.entries.flatMap(({ decision: d }) => d.spans ?? (d.start === undefined ? [] : [{ start: d.start, end: d.end }]));
  lanes.draw();
  attention.show(recording.items, settled);
  side.decisions($("decisions"), recording, state, confirm);
  $("undo").disabled = state.undo === null;
  $("redo").disabled = state.redo === null;
  $("render").disabled = !recording.can.render || !state.changed;
  $("publish").disabled = !recording.can.publish || state.undecided.length > 0 || state.changed || state.second || state.published;
  const open = state.undecided.length;
  $("publish").title = open ? say("publishBlocked", { open }) : state.changed ? say("publishChanged") : state.second ? say("confirmFirst") : "";
  const words = [say(recording.items.length === 0 ? "stateNone" : open ? "stateOpen" : "stateDone", { open, all: recording.items.length })];
  if (state.changed) words.push(say(recording.can.render ? "stateChanged" : "stateFixed"));
  if (state.second && !open && !state.changed) words.push(say("confirmFirst"));
  if (state.published) words.push(say("published"));
  $("state").textContent = words.join(" ");
}

function go(item) {
  openTab("attention");
  attention.select(item.id);
  lanes.current = item.id;
  transcript.clear();
  select({ start: item.start, end: Math.max(item.end, item.start + 0.01), words: [] });
  player.jump(item.start);
  announce(`${say(`kind_${item.kind}`)}, ${stamp(item.start)}. ${item.text}`);
}

function step(by) {
  const item = attention.next(by);
  if (item !== null) go(item);
}

function approve(item) {
  return attempt(async () => {
    const next = attention.items.filter((one) => !attention.settled.has(one.id)).find((one, i, open) => open[i - 1]?.id === item.id);
    if (next !== undefined) go(next);
    await decide({ kind: "approve", items: [item.id] });
  });
}

function confirm() {
  return attempt(() => question(say("confirmTitle"), [make("p", { textContent: say("confirmWhat") })], () => decide({ kind: "confirm" })));
}

const onPerson = {
  rename: (person) => attempt(() => ask.rename(person, decide)),
  merge: (person) => attempt(() => ask.merge(person, recording, decide)),
  answers: (person) => attempt(() => ask.answers(person, decide)),
  enrol: (person) => attempt(async () => {
    let name = "";
    if (await ask.enrol(person, async (facts) => { name = facts.name; await post("enrol", facts); })) announce(say("enrolled", { who: name }));
  }),
};

async function original() {
  if (!recording.can.original) return question(say("originalTitle"), [make("p", { textContent: say("originalNot") })], null);
  const span = needSelection();
  const body = [make("p", { textContent: say("originalWarning", { start: stamp(span.start), end: stamp(span.end) }) })];
  const addresses = [];
  const shown = make("div");
  body.push(shown);
  await question(say("originalTitle"), body, async () => {
    const facts = { start: span.start, end: span.end };
    shown.replaceChildren();
    const sound = URL.createObjectURL(await postForBlob("original/sound", facts));
    addresses.push(sound);
    shown.append(make("audio", { src: sound, controls: true, "aria-label": say("originalTitle") }));
    if (recording.facts.width) {
      const picture = URL.createObjectURL(await postForBlob("original/picture", { start: player.time, end: player.time }));
      addresses.push(picture);
      shown.append(make("img", { src: picture, alt: say("originalPicture", { time: stamp(player.time) }), width: 480 }));
    }
    throw new Error("");
  }, { yes: say("originalShow"), no: say("close") });
  addresses.forEach((address) => URL.revokeObjectURL(address));
}

function render() {
  const body = [make("p", { textContent: say("renderWhat", { count: state.entries.length }) })];
  return attempt(() => question(say("renderTitle"), body, () => post("render"), { yes: say("render") }));
}

function publish() {
  if (state.undecided.length) throw new Error(say("publishBlocked", { open: state.undecided.length }));
  const body = [make("p", { textContent: say("publishWhat") })];
  return question(say("publishTitle"), body, async () => { hold(await post("publish")); announce(say("published")); }, { yes: say("publish") });
}

const actions = {
  play: () => player.toggle(),
  playSelection: () => attempt(() => player.playSpan(needSelection())),
  half: () => player.half(),
  back: () => player.jump(player.time - 1),
  forward: () => player.jump(player.time + 1),
  frameBack: () => player.frame(-1),
  frameForward: () => player.frame(1),
  start: () => player.jump(0),
  end: () => player.jump(recording.duration),
  selectStart: () => select({ start: player.time, end: Math.max(selection?.end ?? 0, player.time + 0.1), words: [] }),
  selectEnd: () => select({ start: Math.min(selection?.start ?? player.time, player.time), end: Math.max(player.time, 0.1), words: [] }),
  clear: () => { transcript.clear(); select(null); },
  previousWord: () => transcript.step(-1, false),
  nextWord: () => transcript.step(1, false),
  extendWord: () => transcript.step(1, true),
  previousItem: () => step(-1),
  nextItem: () => step(1),
  approve: () => attention.chosen && !attention.settled.has(attention.chosen.id) && approve(attention.chosen),
  reject: () => {
    if (chosenRedacted()) actions.bringBack();
    else if (attention.chosen?.rejectable && recording.can.change) attempt(() => ask.rejectItem(attention.chosen, decide));
  },
  bringBack: () => attempt(() => ask.bringBack(selection?.words ?? [], decide)),
  turn: () => turnAt(player.time),
  redact: () => attempt(() => ask.redact(needSelection(), decide)),
  every: () => attempt(() => ask.redactEvery(needSelection(), recording, decide)),
  correct: () => attempt(() => ask.correct(needSelection(), decide)),
  move: () => attempt(() => ask.move(needSelection(), recording, decide)),
  mask: () => attempt(() => ask.mask(selection, player.time, recording, region, decide)),
  show: () => attempt(() => ask.showFace(player.time, recording, decide)),
  original: () => attempt(original),
  undo: () => state.undo !== null && attempt(() => history("undo")),
  redo: () => state.redo !== null && attempt(() => history("redo")),
  zoomIn: () => lanes.zoom(2),
  zoomOut: () => lanes.zoom(0.5),
  zoomAll: () => lanes.look(0, recording.duration),
  pageBack: () => lanes.scroll(-0.8),
  pageForward: () => lanes.scroll(0.8),
  render,
  publish: () => attempt(publish),
  help: keys.help,
};

for (const [id, action] of Object.entries({
  play: "play", "play-selection": "playSelection", half: "half", redact: "redact", every: "every", back: "bringBack", correct: "correct",
  move: "move", mask: "mask", show: "show", original: "original", undo: "undo", redo: "redo", render: "render",
  publish: "publish", help: "help", "zoom-in": "zoomIn", "zoom-out": "zoomOut", "zoom-all": "zoomAll",
})) $(id).addEventListener("click", () => actions[action]());
keys.connect(actions);

for (const kind of ["keydown", "pointerdown", "wheel"]) addEventListener(kind, used, { passive: true });
$("video").addEventListener("timeupdate", used);

function progress({ what, done }) {
  $("progress").hidden = false;
  $("progress-text").textContent = say("rendering", { what });
  $("progress-bar").value = done;
}

async function load() {
  const asked = getJson("decisions");
  recording = new Recording(await getJson("document"));
  $("name").textContent = recording.name;
  document.title = `${recording.name}: ${say("title")}`;
  $("lanes").setAttribute("aria-valuemax", recording.duration.toFixed(1));
  lanes.show(recording);
  attention.change = recording.can.change;
  player.show(recording);
  transcript.show(recording);
  side.people($("people"), recording, onPerson);
  side.notes($("notes"), recording);
  for (const id of ["show", "mask"]) $(id).hidden = recording.facts.width === 0 || !recording.can.change;
  select(null);
  for (const id of ["undo", "redo", "publish"]) $(id).hidden = !recording.can.decide;
  for (const id of ["render", "redact", "every", "back", "correct", "move"]) $(id).hidden = !recording.can.change;
  $("fixed").hidden = recording.can.change || !recording.can.decide;
  hold({ ...state, ...(await asked) });
  document.documentElement.dataset.ready = "1";
  requestAnimationFrame(() => performance.mark("shown"));
  getBytes("outline").then((peaks) => lanes.hear(peaks));
}

listen({
  progress,
  done: () => attempt(async () => { $("progress").hidden = true; await load(); announce(say("rendered")); }),
  failed: ({ error }) => { $("progress").hidden = true; announce(say("failed", { why: error })); $("state").textContent = say("failed", { why: error }); },
  lost: () => { $("state").textContent = say("lost"); announce(say("lost")); },
});
attempt(load);
export const parts = { lanes, player, attention, transcript };
