/* A Web Audio API without ears: it keeps what is scheduled, and tells how loud that is at a time. Named and shaped as in
   https://www.w3.org/TR/webaudio-1.1/ : automation as in 1.6.3, errors where the platform throws them. */

class Param {
  constructor(audio, value) {
    this.audio = audio;
    this.first = value;
    this.events = [];
  }
  note(kind, value, at, more) {
    if (!Number.isFinite(value) || !(at >= 0)) throw new TypeError(`${kind}(${value}, ${at})`);
    this.events.push({ kind, value, at, more });
    this.events.sort((a, b) => a.at - b.at);
  }
  set value(value) {
    this.note("set", value, this.audio.currentTime);
  }
  get value() {
    return this.at(this.audio.currentTime);
  }
  setValueAtTime(value, at) {
    this.note("set", value, at);
  }
  linearRampToValueAtTime(value, at) {
    this.note("linear", value, at);
  }
  exponentialRampToValueAtTime(value, at) {
    if (value === 0) throw new RangeError("an exponential ramp to 0");
    this.note("exponential", value, at);
  }
  setTargetAtTime(value, at, constant) {
    this.note("target", value, at, constant);
  }
  at(time) {
    let value = this.first;
    let from = 0;
    let drawn = null; // the target under way
    const drift = (to) => (drawn ? drawn.value + (value - drawn.value) * Math.exp(-(to - from) / drawn.more) : value);
    for (const event of this.events) {
      const ramp = event.kind === "linear" || event.kind === "exponential";
      if (event.at > time) {
        if (!ramp) break;
        const share = (time - from) / (event.at - from);
        return event.kind === "linear" ? value + (event.value - value) * share : value * (event.value / value) ** share;
      }
      value = event.kind === "target" ? drift(event.at) : event.value;
      drawn = event.kind === "target" ? event : null;
      from = event.at;
    }
    return drift(time);
  }
}

class Node {
  constructor(audio, kind) {
    this.audio = audio;
    this.kind = kind;
    this.outs = new Set();
    audio.nodes.push(this);
  }
  connect(to) {
    if (!(to instanceof Node || to instanceof Param)) throw new TypeError("connect");
    this.outs.add(to);
    return to;
  }
  disconnect() {
    this.outs.clear();
  }
  /* How much of what comes in here reaches the speakers, before the limiter; `level` of it is left. */
  reaches(time, level = 1) {
    const left = this.gain ? level * Math.abs(this.gain.at(time)) : level;
    if (this.kind === "destination") return left;
    return [...this.outs].reduce((sum, out) => sum + (out instanceof Node ? out.reaches(time, left) : 0), 0);
  }
}

class Source extends Node {
  start(at = this.audio.currentTime) {
    if (this.from !== undefined) throw new Error("InvalidStateError: started twice");
    this.from = Math.max(at, this.audio.currentTime);
    this.until = this.buffer && !this.loop ? this.from + this.buffer.duration : Infinity;
    this.audio.later(this);
  }
  stop(at = this.audio.currentTime) {
    if (this.from === undefined) throw new Error("InvalidStateError: not started");
    this.until = Math.min(this.until, Math.max(at, this.audio.currentTime));
    this.audio.later(this);
  }
  sounds(time) {
    return this.from <= time && time < this.until;
  }
}

/* A class to be made as `new AudioContext()` is, whose time is the clock's; `made` holds what was. */
export function fakeAudio(clock, { state = "running" } = {}) {
  const made = [];
  return class AudioContext {
    static made = made;
    nodes = [];
    sampleRate = 48_000;
    state = state;
    passed = 0;
    since = clock.now();

    constructor() {
      made.push(this);
      this.destination = new Node(this, "destination");
    }
    get currentTime() {
      return this.passed + (this.state === "running" ? (clock.now() - this.since) / 1000 : 0);
    }
    async suspend() {
      this.passed = this.currentTime;
      this.state = "suspended";
    }
    async resume() {
      this.since = clock.now();
      this.state = "running";
    }
    createGain() {
      return Object.assign(new Node(this, "gain"), { gain: new Param(this, 1) });
    }
    createOscillator() {
      return Object.assign(new Source(this, "oscillator"), { frequency: new Param(this, 440), detune: new Param(this, 0) });
    }
    createBiquadFilter() {
      return Object.assign(new Node(this, "filter"), { frequency: new Param(this, 350), Q: new Param(this, 1) });
    }
    createBufferSource() {
      return new Source(this, "buffer");
    }
    createBuffer(_channels, frames, rate) {
      const data = new Float32Array(frames);
      return { duration: frames / rate, getChannelData: () => data };
    }
    createDynamicsCompressor() {
      const node = new Node(this, "compressor");
      for (const [name, value] of Object.entries({ threshold: -24, knee: 30, ratio: 12, attack: 0.003, release: 0.25 }))
        node[name] = new Param(this, value);
      return node;
    }
    /* Bytes are their own description here: {duration}, or nothing that can be read. */
    async decodeAudioData(bytes) {
      if (!bytes?.duration) throw new Error("EncodingError");
      return { duration: bytes.duration, bytes };
    }
    later(source) {
      if (source.until === Infinity) return;
      source.callOff?.();
      source.callOff = clock.after((source.until - this.currentTime) * 1000, () => source.onended?.());
    }

    sources(time = null) {
      return this.nodes.filter((node) => node instanceof Source && node.from !== undefined && (time === null || node.sounds(time)));
    }
    /* The most that all that sounds at a time may add up to before the limiter: 1 is what a speaker can do. */
    loudness(time = this.currentTime) {
      return this.sources(time).reduce((sum, source) => sum + source.reaches(time), 0);
    }
    /* The same behind it, by the compression curve of the DynamicsCompressorNode (1.19) with its makeup gain, but without its knee, attack and release. */
    limited(time = this.currentTime) {
      const node = this.nodes.find((each) => each.kind === "compressor");
      const curve = (db) => (db > node.threshold.value ? node.threshold.value + (db - node.threshold.value) / node.ratio.value : db);
      const makeup = -0.6 * curve(0);
      const db = 20 * Math.log10(Math.max(1e-9, this.loudness(time)));
      return 10 ** ((curve(db) + makeup) / 20);
    }
  };
}
