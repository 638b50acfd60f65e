// The safe recording: playing, jumping, half speed, playing what is selected.

import { boxAt, stamp } from "./model.js";
import { say } from "./strings.js";

export class Player {
  constructor(video, { moved }) {
    this.video = video;
    this.until = null;
    this.moved = moved;
    this.button = document.getElementById("play");
    for (const kind of ["play", "pause", "ended"]) video.addEventListener(kind, () => this.told());
    for (const kind of ["seeked", "timeupdate", "loadedmetadata"]) video.addEventListener(kind, () => this.step());
    this.told();
  }

  show(recording) {
    this.recording = recording;
    const address = `recording?${encodeURIComponent(recording.made.created)}`;
    if (this.video.getAttribute("src") !== address) this.video.src = address;
  }

  get time() { return this.video.currentTime; }

  jump(time) {
    this.until = null;
    this.video.currentTime = Math.min(Math.max(time, 0), this.recording.duration);
    this.moved(this.video.currentTime);
  }

  frame(by) { this.jump(this.time + by / (this.recording.facts.fps || 25)); }

  toggle() {
    this.until = null;
    if (this.video.paused) this.video.play();
    else this.video.pause();
  }

  playSpan({ start, end }) {
    this.jump(start);
    this.until = end;
    this.video.play();
  }

  half() {
    const slow = this.video.playbackRate === 1;
    this.video.playbackRate = slow ? 0.5 : 1;
    document.getElementById("half").setAttribute("aria-pressed", `${slow}`);
  }

  told() {
    this.button.textContent = say(this.video.paused ? "play" : "pause");
    if (!this.video.paused) this.tick();
  }

  tick() {
    if (this.video.paused) return;
    this.step();
    requestAnimationFrame(() => this.tick());
  }

  step() {
    if (this.until !== null && this.time >= this.until) {
      this.video.pause();
      this.until = null;
    }
    this.moved(this.time);
    document.getElementById("clock").textContent = `${stamp(this.time)} / ${stamp(this.recording?.duration ?? 0)}`;
  }
}

/** A region of the picture, drawn over the video: by dragging, or by the numbers of a dialogue. */
export class Region {
  constructor(canvas, video) {
    this.canvas = canvas;
    this.video = video;
    this.box = null; // shares of the picture: x, y, width, height
    this.changed = () => {};
    let from = null;
    canvas.addEventListener("pointerdown", (event) => { from = this.share(event); canvas.setPointerCapture(event.pointerId); });
    canvas.addEventListener("pointermove", (event) => {
      if (from === null) return;
      const to = this.share(event);
      this.put({
        x: Math.min(from.x, to.x), y: Math.min(from.y, to.y),
        width: Math.abs(from.x - to.x), height: Math.abs(from.y - to.y),
      });
      this.changed(this.box);
    });
    canvas.addEventListener("pointerup", () => { from = null; });
  }

  /** Where the picture stands within the element: it keeps its shape. */
  picture() {
    const width = this.canvas.clientWidth;
    const height = this.canvas.clientHeight;
    const scale = Math.min(width / (this.video.videoWidth || 1), height / (this.video.videoHeight || 1));
    const wide = this.video.videoWidth * scale;
    const tall = this.video.videoHeight * scale;
    return { left: (width - wide) / 2, top: (height - tall) / 2, wide, tall };
  }

  share(event) {
    const frame = this.canvas.getBoundingClientRect();
    const { left, top, wide, tall } = this.picture();
    const inside = (value) => Math.min(Math.max(value, 0), 1);
    return {
      x: inside((event.clientX - frame.left - left) / Math.max(wide, 1)),
      y: inside((event.clientY - frame.top - top) / Math.max(tall, 1)),
    };
  }

  /** The box of a face at a time as shares of the picture. */
  static ofFace(face, time, recording) {
    const box = boxAt(face, time);
    if (box === null || !recording.facts.width) return null;
    const [x, y, width, height] = box;
    const { width: wide, height: tall } = recording.facts;
    return { x: x / wide, y: y / tall, width: width / wide, height: height / tall };
  }

  put(box) {
    this.box = box;
    this.canvas.hidden = box === null;
    if (box === null) {
      this.changed = () => {};
      return;
    }
    const ratio = devicePixelRatio || 1;
    this.canvas.width = this.canvas.clientWidth * ratio;
    this.canvas.height = this.canvas.clientHeight * ratio;
    const c = this.canvas.getContext("2d");
    c.scale(ratio, ratio);
    const { left, top, wide, tall } = this.picture();
    const frame = [left + box.x * wide, top + box.y * tall, box.width * wide, box.height * tall];
    c.lineWidth = 4;
    c.strokeStyle = "#000";
    c.strokeRect(...frame);
    c.lineWidth = 2;
    c.strokeStyle = "#fff";
    c.strokeRect(...frame);
  }
}
