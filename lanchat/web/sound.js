// The sound, the vibration, and which of several open pages makes them. No file: two short tones.

const CHOOSE_MS = 150; // for the pages of this browser to agree
const REMEMBERED = 100;

export class Bell {
  constructor() {
    this.id = Math.random();
    this.heard = new Map(); // by msgid: what the other pages said
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
    if (!this.heard.has(claim.msgid)) this.heard.set(claim.msgid, []);
    this.heard.get(claim.msgid).push(claim);
    if (this.heard.size > REMEMBERED) this.heard.delete(this.heard.keys().next().value);
  }

  /** Ring for a message, in one of this browser's pages: one that is looked at, if any is. */
  ring(msgid) {
    const mine = { msgid, id: this.id, isSeen: document.visibilityState === 'visible' };
    if (this.channel) this.channel.postMessage(mine);
    setTimeout(() => {
      const others = this.heard.get(msgid) || [];
      const isMine = others.every((other) => (other.isSeen === mine.isSeen ? other.id > mine.id : mine.isSeen));
      if (isMine) this.sound();
    }, CHOOSE_MS);
  }

  sound() {
    this.rang = (this.rang || 0) + 1;
    if (navigator.vibrate && document.visibilityState === 'visible' && this.context) navigator.vibrate(120);
    if (!this.context || this.context.state === 'closed') return;
    if (this.context.state === 'suspended') this.context.resume();
    this.tone(880, 0);
    this.tone(1175, 0.11);
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
  }
}
