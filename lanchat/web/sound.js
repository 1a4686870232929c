// The sound, the vibration, and which of several open pages makes them. No file: two short tones.

const CHOOSE_S = 0.15; // for the pages of this browser to agree
const REMEMBERED = 100;

export class Bell {
  constructor() {
    this.id = Math.random();
    this.heard = new Map(); // by msgid: what the other pages said
    this.due = new Map(); // by msgid: what this page is about to sound
    this.context = null;
    try {
      this.channel = new BroadcastChannel('lanchat');
      this.channel.onmessage = (event) => this.note(event.data);
    } catch (error) {
      this.channel = null; // an old browser: each page rings
    }
  }

  /** Browsers let a page sound only after somebody has touched it. */
  unlock() {
    if (this.context) return;
    try {
      this.context = new (window.AudioContext || window.webkitAudioContext)();
    } catch (error) {
      this.context = null;
    }
  }

  note(claim) {
    if (!claim || typeof claim.msgid !== 'string') return;
    keep(this.heard, claim.msgid, (this.heard.get(claim.msgid) || []).concat(claim));
    const mine = this.due.get(claim.msgid);
    if (mine && isBetter(claim, mine.claim)) this.silence(claim.msgid);
  }

  /**
   * Ring for a message, in one of this browser's pages: one that is looked at, if any is. The tones begin a moment later, by
   * the clock of the sound itself, as timers of a page in the background may be a minute late; a better claim ends them.
   */
  ring(msgid) {
    const claim = { msgid, id: this.id, isSeen: document.visibilityState === 'visible' };
    if (this.channel) this.channel.postMessage(claim);
    if ((this.heard.get(msgid) || []).some((other) => isBetter(other, claim))) return;
    if (claim.isSeen && this.context && navigator.vibrate) navigator.vibrate(120);
    if (!this.context || this.context.state === 'closed') return;
    if (this.context.state === 'suspended') this.context.resume();
    keep(this.due, msgid, { claim, tones: [this.tone(880, CHOOSE_S), this.tone(1175, CHOOSE_S + 0.11)] });
  }

  silence(msgid) {
    this.due.get(msgid).tones.forEach((tone) => tone.disconnect());
    this.due.delete(msgid);
  }

  tone(hertz, after) {
    const at = this.context.currentTime + after;
    const oscillator = this.context.createOscillator();
    const volume = this.context.createGain();
    oscillator.frequency.value = hertz;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.2, at + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.22);
    oscillator.connect(volume).connect(this.context.destination);
    oscillator.start(at);
    oscillator.stop(at + 0.25);
    return volume;
  }
}

function isBetter(claim, other) {
  return claim.isSeen === other.isSeen ? claim.id < other.id : claim.isSeen;
}

function keep(map, key, value) {
  map.set(key, value);
  if (map.size > REMEMBERED) map.delete(map.keys().next().value);
}
