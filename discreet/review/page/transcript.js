// The transcript: plain text, so that it can be searched and read aloud whole; a paragraph gets its single words once
// it comes near the view.

import { stamp } from "./model.js";
import { say } from "./strings.js";

const UNSURE = 0.5; // confidence of the recogniser under which a word is marked

export class Transcript {
  constructor(root, { jump, select }) {
    this.root = root;
    this.select = select;
    this.words = new Map(); // index -> element
    this.chosen = null; // [first, last] index
    this.now = null;
    this.observer = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) this.upgrade(entry.target);
    }, { root, rootMargin: "600px" });
    let from = null;
    root.addEventListener("click", (event) => {
      const name = event.target.closest?.(".who");
      if (name === null || name === undefined) return;
      const { words } = this.paragraphs[Number(name.parentElement.dataset.number)];
      this.upgrade(name.parentElement);
      this.choose(words[0].index, words.at(-1).index);
    });
    root.addEventListener("pointerdown", (event) => {
      const word = this.wordOf(event.target);
      if (word === null || event.button !== 0) return;
      event.preventDefault(); // no selection of text: words are selected
      root.focus();
      from = word.index;
      this.choose(event.shiftKey && this.chosen !== null ? this.chosen[0] : from, from);
    });
    root.addEventListener("pointerover", (event) => {
      const word = this.wordOf(event.target);
      if (from !== null && word !== null) this.choose(from, word.index);
    });
    addEventListener("pointerup", () => {
      if (from !== null && this.chosen !== null && this.chosen[0] === this.chosen[1]) jump(this.recording.words[from].start);
      from = null;
    });
  }

  wordOf(node) {
    const element = node.closest?.(".word");
    return element ? this.recording.words[Number(element.dataset.index)] : null;
  }

  show(recording) {
    this.recording = recording;
    this.words.clear();
    this.now = this.chosen = null;
    this.paragraphs = recording.paragraphs();
    this.elements = this.paragraphs.map((paragraph, number) => {
      const element = document.createElement("p");
      element.dataset.number = number;
      const colour = recording.colour(paragraph.person);
      if (colour !== null) element.classList.add(`c${colour}`);
      const who = document.createElement("span");
      who.className = "who";
      who.textContent = recording.label(paragraph.person) ?? say("nobody");
      const at = document.createElement("span");
      at.className = "at";
      at.textContent = ` ${stamp(paragraph.start, 0)} `;
      const text = document.createElement("span");
      text.textContent = paragraph.words.map((word) => word.text).join(" ");
      element.append(who, at, text);
      return element;
    });
    this.observer.disconnect();
    const empty = document.createElement("p");
    empty.textContent = say("noWords");
    this.root.replaceChildren(...(this.elements.length ? this.elements : [empty]));
    for (const element of this.elements) this.observer.observe(element);
  }

  upgrade(element) {
    if (element.dataset.words) return;
    element.dataset.words = "1";
    const paragraph = this.paragraphs[Number(element.dataset.number)];
    const text = element.lastChild;
    const parts = [];
    for (const word of paragraph.words) {
      const span = document.createElement("span");
      span.className = "word";
      span.classList.toggle("out", word.redaction !== null);
      span.classList.toggle("unsure", word.redaction === null && word.confidence < UNSURE);
      span.dataset.index = word.index;
      span.textContent = word.text;
      this.words.set(word.index, span);
      parts.push(span, " ");
    }
    text.replaceChildren(...parts);
    this.mark();
  }

  /** The element of a word, made if its paragraph has none yet. */
  element(index) {
    if (!this.words.has(index)) {
      let low = 0;
      while (low + 1 < this.paragraphs.length && this.paragraphs[low + 1].words[0].index <= index) low += 1;
      if (this.elements[low] !== undefined) this.upgrade(this.elements[low]);
    }
    return this.words.get(index);
  }

  /** Select words from one index to another. */
  choose(one, other) {
    this.chosen = [Math.min(one, other), Math.max(one, other)];
    this.mark();
    const [first, last] = this.chosen.map((index) => this.recording.words[index]);
    this.select({ start: first.start, end: Math.max(last.end, first.end) }, this.recording.words.slice(first.index, last.index + 1));
  }

  clear() {
    this.chosen = null;
    this.mark();
  }

  step(by, extend) {
    if (this.recording.words.length === 0) return;
    const base = this.chosen === null ? (this.now ?? -1) : this.chosen[by > 0 ? 1 : 0];
    const next = Math.min(Math.max(base + by, 0), this.recording.words.length - 1);
    if (extend && this.chosen !== null) this.choose(by > 0 ? this.chosen[0] : this.chosen[1], next);
    else this.choose(next, next);
    this.reveal(next);
  }

  mark() {
    for (const old of this.root.querySelectorAll(".word.chosen")) old.classList.remove("chosen");
    if (this.chosen === null) return;
    for (let index = this.chosen[0]; index <= this.chosen[1]; index += 1) this.words.get(index)?.classList.add("chosen");
  }

  /** Show which word is said now. */
  follow(word, scroll) {
    const index = word?.index ?? null;
    if (index === this.now) return;
    this.words.get(this.now)?.classList.remove("now");
    this.now = index;
    if (index === null) return;
    if (scroll) this.reveal(index);
    this.words.get(index)?.classList.add("now");
  }

  reveal(index) {
    const element = this.element(index);
    if (element === undefined) return;
    const box = this.root.getBoundingClientRect();
    const place = element.getBoundingClientRect();
    if (place.top < box.top + 20 || place.bottom > box.bottom - 20) {
      this.root.scrollTop += place.top - box.top - box.height / 3;
    }
  }
}
