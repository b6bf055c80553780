/* Voices: instruments made of oscillators and noise. Each plays one sound at `at` (seconds) into `out`. */

const HIGHEST_HZ = 14_000;

/* A gain that rises to `peak` in `attack` and is gone after `length`. */
function envelope(audio, out, at, { peak, attack = 0.005, length }) {
  const gain = audio.createGain();
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.exponentialRampToValueAtTime(Math.max(0.0002, peak), at + attack);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + length);
  gain.connect(out);
  return gain;
}

function tone(audio, out, at, { type = "sine", hz, to = hz, length, detune = 0 }) {
  const source = audio.createOscillator();
  source.type = type;
  source.detune.value = detune;
  source.frequency.setValueAtTime(Math.min(hz, HIGHEST_HZ), at);
  if (to !== hz) source.frequency.exponentialRampToValueAtTime(to, at + length);
  source.connect(out);
  source.start(at);
  source.stop(at + length + 0.05);
}

const noises = new WeakMap();

function noise(audio, out, at, { length, type = "bandpass", hz, to = hz, q = 1 }) {
  let buffer = noises.get(audio);
  if (!buffer) {
    buffer = audio.createBuffer(1, audio.sampleRate * 2, audio.sampleRate);
    const data = buffer.getChannelData(0);
    for (let i = 0; i < data.length; i += 1) data[i] = Math.random() * 2 - 1;
    noises.set(audio, buffer);
  }
  const source = audio.createBufferSource();
  source.buffer = buffer;
  source.loop = true;
  const filter = audio.createBiquadFilter();
  filter.type = type;
  filter.Q.value = q;
  filter.frequency.setValueAtTime(hz, at);
  filter.frequency.exponentialRampToValueAtTime(to, at + length);
  source.connect(filter).connect(out);
  source.start(at, Math.random());
  source.stop(at + length + 0.05);
}

export const VOICES = {
  /* A soft wooden bar. */
  pluck(audio, out, at, { hz = 660, peak = 0.22, length = 0.45 } = {}) {
    tone(audio, envelope(audio, out, at, { peak, length }), at, { hz, length });
    tone(audio, envelope(audio, out, at, { peak: peak * 0.35, length: length * 0.35 }), at, { hz: hz * 4, length: length * 0.35 });
  },
  bell(audio, out, at, { hz = 880, peak = 0.14, length = 1.4 } = {}) {
    for (const [times, loud] of [
      [1, 1],
      [2.01, 0.5],
      [3.02, 0.28],
      [5.4, 0.12],
    ]) {
      tone(audio, envelope(audio, out, at, { peak: peak * loud, length: length / Math.sqrt(times) }), at, { hz: hz * times, length });
    }
  },
  pad(audio, out, at, { hz = 220, peak = 0.07, length = 2.4, attack = 0.6 } = {}) {
    const filter = audio.createBiquadFilter();
    filter.type = "lowpass";
    filter.frequency.setValueAtTime(hz * 2, at);
    filter.frequency.linearRampToValueAtTime(hz * 7, at + length * 0.6);
    filter.connect(envelope(audio, out, at, { peak, attack, length }));
    for (const detune of [-9, 0, 8]) tone(audio, filter, at, { type: "sawtooth", hz, length, detune });
  },
  brass(audio, out, at, { hz = 330, peak = 0.09, length = 0.6 } = {}) {
    const filter = audio.createBiquadFilter();
    filter.type = "lowpass";
    filter.frequency.setValueAtTime(hz, at);
    filter.frequency.exponentialRampToValueAtTime(hz * 8, at + 0.09);
    filter.frequency.exponentialRampToValueAtTime(hz * 2, at + length);
    filter.connect(envelope(audio, out, at, { peak, attack: 0.04, length }));
    for (const detune of [-6, 7]) tone(audio, filter, at, { type: "sawtooth", hz, length, detune });
  },
  boom(audio, out, at, { hz = 110, peak = 0.6, length = 0.9 } = {}) {
    tone(audio, envelope(audio, out, at, { peak, length }), at, { hz, to: 34, length });
    noise(audio, envelope(audio, out, at, { peak: peak * 0.3, length: length * 0.4 }), at, {
      type: "lowpass",
      hz: 900,
      to: 90,
      length: length * 0.4,
    });
  },
  whoosh(audio, out, at, { hz = 300, to = 2400, peak = 0.22, length = 0.8 } = {}) {
    noise(audio, envelope(audio, out, at, { peak, attack: length * 0.55, length }), at, { hz, to, q: 1.4, length });
  },
  rumble(audio, out, at, { hz = 120, peak = 0.4, length = 2, attack = 0.5 } = {}) {
    noise(audio, envelope(audio, out, at, { peak, attack, length }), at, { type: "lowpass", hz, to: hz * 2.2, length });
  },
  /* A growl: a low saw that trembles, through a moving throat. */
  roar(audio, out, at, { hz = 92, peak = 0.3, length = 1.5 } = {}) {
    const throat = audio.createBiquadFilter();
    throat.type = "bandpass";
    throat.Q.value = 1.6;
    throat.frequency.setValueAtTime(260, at);
    throat.frequency.linearRampToValueAtTime(760, at + length * 0.35);
    throat.frequency.linearRampToValueAtTime(220, at + length);
    const tremble = audio.createGain();
    tremble.gain.value = 0.7;
    throat.connect(tremble).connect(envelope(audio, out, at, { peak, attack: 0.16, length }));
    const shake = audio.createOscillator();
    const depth = audio.createGain();
    depth.gain.value = 0.45;
    shake.frequency.value = 27;
    shake.connect(depth).connect(tremble.gain);
    shake.start(at);
    shake.stop(at + length + 0.05);
    for (const times of [1, 1.51, 0.5]) tone(audio, throat, at, { type: "sawtooth", hz: hz * times * 1.25, to: hz * times * 0.7, length });
    noise(audio, envelope(audio, out, at, { peak: peak * 0.5, attack: 0.2, length }), at, { hz: 520, to: 240, q: 0.8, length });
  },
  shimmer(audio, out, at, { hz = 1320, peak = 0.06, length = 1.2, n = 7 } = {}) {
    for (let i = 0; i < n; i += 1) {
      const step = [0, 4, 7, 11, 12, 16, 19, 23][i % 8];
      VOICES.bell(audio, out, at + (i * length) / n / 1.6, { hz: hz * 2 ** (step / 12), peak, length: length * 0.7 });
    }
  },
  crackle(audio, out, at, { peak = 0.12, length = 1, n = 16 } = {}) {
    for (let i = 0; i < n; i += 1) {
      const when = at + (i / n) * length + Math.random() * 0.05;
      noise(audio, envelope(audio, out, when, { peak: peak * (0.4 + Math.random() * 0.6), length: 0.05 }), when, {
        hz: 1800 + Math.random() * 3200,
        q: 5,
        length: 0.05,
      });
    }
  },
};
