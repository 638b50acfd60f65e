// The recording as the lanes and lists need it: sorted, with look-ups by time. Times are seconds of the safe recording.

const PARAGRAPH_GAP = 2.0; // seconds of silence after which a new paragraph begins

/** Index of the first item of a sorted list whose key is not less than `value`. */
export function lowerBound(items, value, key) {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(items[middle]) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Spans sorted by start, with how far back an item may begin that still reaches a time. */
export class Spans {
  constructor(items) {
    this.items = [...items].sort((a, b) => a.start - b.start || a.end - b.end);
    let furthest = 0;
    this.reach = this.items.map((item) => (furthest = Math.max(furthest, item.end)));
  }

  /** The first index whose item may reach beyond `start`: nothing before it does. */
  firstReaching(start) {
    return lowerBound(this.reach, start, (end) => end);
  }

  /** Everything that touches [start, end). */
  *within(start, end) {
    for (let i = this.firstReaching(start); i < this.items.length && this.items[i].start < end; i += 1) {
      if (this.items[i].end > start) yield this.items[i];
    }
  }

  at(time) {
    return [...this.within(time, time + 1e-6)];
  }
}

export class Recording {
  constructor(facts) {
    this.name = facts.name;
    this.facts = facts.recording;
    this.duration = facts.recording.duration;
    this.people = facts.people;
    this.notes = facts.notes;
    this.made = facts.made;
    this.can = facts.can ?? {};
    this.items = facts.items ?? [];
    this.byId = new Map(this.people.map((person) => [person.id, person]));
    this.words = facts.words.map(([start, end, text, person, confidence, redaction], index) => ({
      start, end, text, person, confidence, redaction, index,
    }));
    this.turns = new Spans(facts.turns);
    this.turnsOf = new Map(this.people.map((p) => [p.id, new Spans(facts.turns.filter((t) => t.person === p.id))]));
    this.wordSpans = new Spans(this.words);
    this.redactions = facts.redactions;
    this.redactionsOf = new Map(
      ["word", "voice", "face"].map((kind) => [kind, new Spans(this.redactions.filter((r) => r.kind === kind))]),
    );
    this.faces = new Spans(facts.faces);
    this.shown = new Spans(facts.faces.filter((face) => !face.masked));
    this.masked = new Spans(facts.faces.filter((face) => face.masked));
    this.itemSpans = new Spans(this.items);
  }

  label(id) {
    return this.byId.get(id)?.label ?? null;
  }

  /** Which of the eight colours a person has; people beyond the eighth share them, and the name tells them apart. */
  colour(id) {
    const person = this.byId.get(id);
    return person === undefined ? null : person.number % 8;
  }

  /** The last word that has begun at a time, or null. */
  wordAt(time) {
    const index = lowerBound(this.words, time + 1e-6, (word) => word.start) - 1;
    return index < 0 ? null : this.words[index];
  }

  speakersAt(time) {
    return [...new Set(this.turns.at(time).map((turn) => this.label(turn.person)))];
  }

  /** Words in the order of time, in paragraphs of one speaker. */
  paragraphs() {
    const found = [];
    for (const word of this.words) {
      const last = found.at(-1);
      const same = last !== undefined && last.person === word.person && word.start - last.end < PARAGRAPH_GAP;
      if (same) {
        last.words.push(word);
        last.end = Math.max(last.end, word.end);
      } else {
        found.push({ person: word.person, start: word.start, end: word.end, words: [word] });
      }
    }
    return found;
  }
}

/** The box of a face at a time, in pixels of the recording, or null. */
export function boxAt(face, time) {
  if (face.boxes.length === 0 || time < face.start || time > face.end) return null;
  const index = Math.min(lowerBound(face.boxes, time + 1e-6, (box) => box[0]), face.boxes.length) - 1;
  return face.boxes[Math.max(index, 0)].slice(1);
}

/** 3723.4 -> "1:02:03.4" */
export function stamp(seconds, digits = 1) {
  const whole = Math.max(0, seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = (Math.floor((whole % 60) * 10 ** digits) / 10 ** digits).toFixed(digits);
  const padded = rest.padStart(digits ? 3 + digits : 2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${padded}` : `${minutes}:${padded}`;
}
