// The lanes: everything on one axis of time, drawn on one canvas. Only what is in view is drawn, so a scroll costs
// the same in a recording of two hours as in one of a minute.

import { lowerBound, stamp } from "./model.js";
import { say } from "./strings.js";

const GUTTER = 128; // px at the left, for names
const ROWS = { axis: 24, wave: 48, person: 24, words: 24, word: 19, voice: 19, face: 19, faces: 28, items: 20, decisions: 19 };
const FONT = "12px system-ui, sans-serif";
const CLOSEST = 0.5; // seconds in view at the closest zoom
const PER_SECOND = 20; // values of the outline a second
const same = (value) => value;
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

export class Lanes {
  constructor(frame, canvas) {
    this.frame = frame;
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.recording = null;
    this.peaks = new Uint8Array(0);
    this.tall = new Float32Array(0);
    this.loudest = 255;
    this.from = 0;
    this.to = 1;
    this.time = 0;
    this.selection = null;
    this.marks = [];
    this.settled = new Set();
    this.current = null;
    this.waiting = false;
    this.readColours();
    new ResizeObserver(() => this.resize()).observe(frame);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { this.readColours(); this.draw(); });
  }

  /** The outline of the sound; the loudest place fills the lane. */
  hear(peaks) {
    this.peaks = peaks;
    this.loudest = Math.max(8, peaks.reduce((most, peak) => Math.max(most, peak), 0));
    this.draw();
  }

  readColours() {
    const style = getComputedStyle(document.documentElement);
    const names = ["paper", "panel", "ink", "dim", "line", "grid", "act", "warn", "good", "wave", "head", "select", "masked"];
    this.colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    const tile = document.createElement("canvas");
    tile.width = tile.height = 6;
    const c = tile.getContext("2d");
    c.strokeStyle = this.colours.paper;
    c.beginPath();
    for (const at of [-6, 0, 6]) { c.moveTo(at - 1, 7); c.lineTo(at + 7, -1); }
    c.stroke();
    this.hatching = this.context.createPattern(tile, "repeat");
    this.people = Array.from({ length: 8 }, (_, n) => style.getPropertyValue(`--p${n}`).trim());
  }

  show(recording) {
    const first = this.recording === null;
    this.recording = recording;
    this.rows = [["axis"], ["wave"], ...recording.people.map((p) => ["person", p]), ["words"], ["word"], ["voice"],
      ["face"], ["faces"], ["items"], ["decisions"]];
    this.tops = [];
    let y = 0;
    for (const [kind] of this.rows) { this.tops.push(y); y += ROWS[kind]; }
    this.height = y;
    if (first) { this.from = 0; this.to = Math.max(recording.duration, CLOSEST); }
    this.resize();
  }

  resize() {
    if (this.recording === null) return;
    const ratio = devicePixelRatio || 1;
    this.width = this.frame.clientWidth;
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.canvas.style.height = `${this.height}px`;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.paint();
  }

  x(time) { return GUTTER + ((time - this.from) / (this.to - this.from)) * (this.width - GUTTER); }

  timeAt(x) {
    const share = (x - GUTTER) / Math.max(1, this.width - GUTTER);
    return Math.min(Math.max(this.from + share * (this.to - this.from), 0), this.recording.duration);
  }

  /** What stands in view from and to, kept within the recording. */
  look(from, to) {
    const whole = Math.max(this.recording.duration, CLOSEST);
    const length = Math.min(Math.max(to - from, CLOSEST), whole);
    this.from = Math.min(Math.max(from, 0), whole - length);
    this.to = this.from + length;
    this.draw();
  }

  zoom(factor, around = this.time) {
    const centre = around >= this.from && around <= this.to ? around : (this.from + this.to) / 2;
    this.look(centre - (centre - this.from) / factor, centre + (this.to - centre) / factor);
  }

  scroll(share) {
    const by = share * (this.to - this.from);
    this.look(this.from + by, this.to + by);
  }

  keepInView(time) {
    if (time < this.from || time > this.to) {
      const length = this.to - this.from;
      this.look(time - length * 0.1, time + length * 0.9);
    }
  }

  draw() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => { this.waiting = false; this.paint(); });
  }

  paint() {
    if (this.recording === null) return;
    const c = this.context;
    c.fillStyle = this.colours.paper;
    c.fillRect(0, 0, this.width, this.height);
    c.font = FONT;
    c.textBaseline = "middle";
    c.save();
    c.beginPath();
    c.rect(GUTTER, 0, this.width - GUTTER, this.height);
    c.clip();
    this.rows.forEach(([kind, what], row) => this[`draw_${kind}`](this.tops[row], ROWS[kind], what));
    this.drawSelection();
    c.restore();
    this.drawNames();
  }

  drawNames() {
    const c = this.context;
    c.textAlign = "left";
    this.rows.forEach(([kind, person], row) => {
      const y = this.tops[row];
      c.fillStyle = this.colours.panel;
      c.fillRect(0, y, GUTTER, ROWS[kind]);
      c.fillStyle = this.colours.grid;
      c.fillRect(0, y + ROWS[kind] - 1, this.width, 1);
      if (kind === "axis") return;
      if (person !== undefined) {
        c.fillStyle = this.people[person.number % 8];
        c.fillRect(0, y + 2, 4, ROWS[kind] - 5);
      }
      c.fillStyle = this.colours.ink;
      c.fillText(person === undefined ? say(`lane_${kind}`) : person.label, 8, y + ROWS[kind] / 2, GUTTER - 12);
    });
  }

  draw_axis(y, height) {
    const c = this.context;
    const wanted = ((this.to - this.from) * 80) / Math.max(1, this.width - GUTTER);
    const step = STEPS.find((s) => s >= wanted) ?? 3600 * Math.ceil(wanted / 3600);
    c.textAlign = "left";
    for (let t = Math.ceil(this.from / step) * step; t <= this.to; t += step) {
      const x = this.x(t);
      c.fillStyle = this.colours.grid;
      c.fillRect(x, y, 1, this.height);
      c.fillStyle = this.colours.dim;
      c.fillText(stamp(t, step < 1 ? 1 : 0), x + 3, y + height / 2);
    }
  }

  /** One shape for the whole outline: a thousand small ones take the browser several times as long. */
  draw_wave(y, height) {
    const c = this.context;
    const perPixel = ((this.to - this.from) / Math.max(1, this.width - GUTTER)) * PER_SECOND;
    const middle = y + height / 2;
    const wide = Math.max(0, Math.ceil(this.width - GUTTER));
    if (this.tall.length < wide) this.tall = new Float32Array(wide);
    const tall = this.tall;
    for (let x = GUTTER; x < this.width; x += 1) {
      const first = Math.floor((this.from * PER_SECOND) + (x - GUTTER) * perPixel);
      const last = Math.max(first + 1, Math.floor(first + perPixel));
      let peak = 0;
      for (let i = first; i < last && i < this.peaks.length; i += 1) peak = Math.max(peak, this.peaks[i]);
      tall[x - GUTTER] = Math.max(0.5, (peak / this.loudest) * (height / 2 - 3));
    }
    c.fillStyle = this.colours.wave;
    c.beginPath();
    c.moveTo(GUTTER, middle);
    for (let n = 0; n < wide; n += 1) { c.lineTo(GUTTER + n, middle - tall[n]); c.lineTo(GUTTER + n + 1, middle - tall[n]); }
    for (let n = wide - 1; n >= 0; n -= 1) { c.lineTo(GUTTER + n + 1, middle + tall[n]); c.lineTo(GUTTER + n, middle + tall[n]); }
    c.fill();
  }

  /**
   * Bars of spans; those that fall together on a pixel are drawn once, and neighbours of one colour that touch are one
   * bar. Nothing is made for a single span, so that a scroll leaves no garbage to collect.
   */
  bars({ items, reach }, y, height, fillOf, hatched = false) {
    const perSecond = (this.width - GUTTER) / (this.to - this.from);
    let from = 0;
    let to = -Infinity; // of the bar that is still growing
    let fill = null;
    for (let i = lowerBound(reach, this.from, same); i < items.length && items[i].start < this.to; i += 1) {
      const left = GUTTER + (items[i].start - this.from) * perSecond;
      const right = Math.max(GUTTER + (items[i].end - this.from) * perSecond, left + 2);
      if (right <= to) continue;
      const own = fillOf(items[i]);
      if (own === fill && left < to + 0.5) {
        to = right;
        continue;
      }
      this.bar(from, to, y, height, fill, hatched);
      [from, to, fill] = [left, right, own];
    }
    this.bar(from, to, y, height, fill, hatched);
  }

  bar(from, to, y, height, fill, hatched) {
    if (fill === null) return;
    const left = Math.max(from, GUTTER - 2);
    const width = Math.min(to, this.width + 2) - left;
    this.context.fillStyle = fill;
    this.context.fillRect(left, y + 3, width, height - 6);
    if (hatched && width > 6) this.hatch(left, y + 3, width, height - 6);
  }

  hatch(x, y, width, height) {
    this.context.fillStyle = this.hatching;
    this.context.fillRect(x, y, width, height);
  }

  draw_person(y, height, person) {
    const fill = this.people[person.number % 8];
    this.bars(this.recording.turnsOf.get(person.id), y, height, () => fill);
  }

  draw_words(y, height) {
    const c = this.context;
    const wide = (this.width - GUTTER) / (this.to - this.from) > 40; // px a second from which words can be read
    if (!wide) {
      this.bars(this.recording.wordSpans, y, height, (word) => (word.redaction ? this.colours.warn : this.colours.dim));
      return;
    }
    c.textAlign = "left";
    let free = -Infinity; // where the next word can stand without running into the one before
    for (const word of this.recording.wordSpans.within(this.from, this.to)) {
      const left = this.x(word.start);
      const room = Math.max(this.x(word.end) - left, 6);
      c.fillStyle = word.redaction ? this.colours.warn : this.colours.dim;
      c.fillRect(left, y + height - 5, room - 1, 2);
      if (left < free) continue;
      word.wide ??= c.measureText(word.text).width;
      if (word.wide > 1.3 * room + 6) continue;
      c.fillStyle = word.redaction ? this.colours.warn : this.colours.ink;
      c.fillText(word.text, left, y + height / 2 - 2);
      free = left + word.wide + 3;
    }
  }

  draw_word(y, height) { this.bars(this.recording.redactionsOf.get("word"), y, height, () => this.colours.warn); }

  draw_voice(y, height) { this.bars(this.recording.redactionsOf.get("voice"), y, height, () => this.colours.dim, true); }

  draw_face(y, height) { this.bars(this.recording.redactionsOf.get("face"), y, height, () => this.colours.masked, true); }

  /** Shown faces above, masked ones below and hatched: two people on screen never hide each other's state. */
  draw_faces(y, height) {
    const fill = (face) => this.people[this.recording.colour(face.person)] ?? this.colours.masked;
    this.bars(this.recording.shown, y, height / 2 + 2, fill);
    this.bars(this.recording.masked, y + height / 2 - 2, height / 2 + 2, fill, true);
  }

  draw_items(y, height) {
    const c = this.context;
    let last = -Infinity;
    for (const item of this.recording.itemSpans.within(this.from, this.to)) {
      const x = Math.max(this.x(item.start), GUTTER + 5);
      if (x - last < 3 && item.id !== this.current) continue;
      last = x;
      const open = !this.settled.has(item.id);
      c.fillStyle = open ? this.colours.warn : this.colours.good;
      c.beginPath();
      if (open) { c.moveTo(x, y + 3); c.lineTo(x + 6, y + height - 4); c.lineTo(x - 6, y + height - 4); }
      else c.arc(x, y + height / 2, 4, 0, 7);
      c.fill();
      if (item.id === this.current) {
        c.strokeStyle = this.colours.act;
        c.lineWidth = 2;
        c.strokeRect(x - 8, y + 1, 16, height - 3);
        c.lineWidth = 1;
      }
    }
  }

  draw_decisions(y, height) {
    const c = this.context;
    for (const span of this.marks) {
      if (span.end <= this.from || span.start >= this.to) continue;
      const left = this.x(span.start);
      c.fillStyle = this.colours.act;
      c.fillRect(left, y + 3, Math.max(this.x(span.end) - left, 3), height - 6);
    }
  }

  drawSelection() {
    const c = this.context;
    if (this.selection !== null) {
      const left = this.x(this.selection.start);
      const right = this.x(this.selection.end);
      c.fillStyle = this.colours.select;
      c.fillRect(left, 0, Math.max(right - left, 1), this.height);
      c.fillStyle = this.colours.act;
      c.fillRect(left, 0, 1, this.height);
      c.fillRect(right, 0, 1, this.height);
    }
    c.fillStyle = this.colours.head;
    c.fillRect(this.x(this.time) - 1, 0, 2, this.height);
  }

  /** Handles the mouse: a click jumps, a double click selects a turn, a drag selects, the wheel scrolls and, with Ctrl, zooms. */
  connect({ jump, select, item, turn }) {
    let down = null;
    const at = (event) => event.clientX - this.canvas.getBoundingClientRect().left;
    this.canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || at(event) < GUTTER) return;
      down = { x: at(event), time: this.timeAt(at(event)), moved: false };
      this.canvas.setPointerCapture(event.pointerId);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (down === null) return;
      if (Math.abs(at(event) - down.x) > 3) down.moved = true;
      if (down.moved) {
        const time = this.timeAt(at(event));
        select({ start: Math.min(down.time, time), end: Math.max(down.time, time) });
      }
    });
    this.canvas.addEventListener("pointerup", (event) => {
      if (down !== null && !down.moved) {
        const row = this.rowAt(event.clientY - this.canvas.getBoundingClientRect().top);
        const near = row === "items" ? this.itemNear(down.x) : null;
        if (near === null) jump(down.time);
        else item(near);
      }
      down = null;
    });
    this.canvas.addEventListener("dblclick", (event) => { if (at(event) >= GUTTER) turn(this.timeAt(at(event))); });
    this.frame.addEventListener("wheel", (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        this.zoom(Math.exp(-event.deltaY / 300), this.timeAt(at(event)));
      } else if (event.deltaX !== 0 || event.shiftKey) {
        event.preventDefault();
        this.scroll((event.deltaX || event.deltaY) / Math.max(1, this.width - GUTTER));
      }
    }, { passive: false });
  }

  rowAt(y) {
    const index = this.tops.findLastIndex((top) => top <= y);
    return index < 0 ? null : this.rows[index][0];
  }

  itemNear(x) {
    const spare = (8 / Math.max(1, this.width - GUTTER)) * (this.to - this.from);
    const time = this.timeAt(x);
    let best = null;
    for (const item of this.recording.items) {
      const apart = Math.abs(item.start - time);
      if (apart <= spare && (best === null || apart < Math.abs(best.start - time))) best = item;
    }
    return best;
  }
}
