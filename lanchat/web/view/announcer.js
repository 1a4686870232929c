// What a screen reader is told: each new message of the open room, at most one a second, else how many there were. The
// timeline itself is no live region: older messages, times and edits would be read out, too.

import { SPOKEN } from '../log.js';
import { shown } from '../names.js';
import { words } from '../words.js';
import { Component, createRef, html } from './html.js';

const AGAIN_MS = 1000;
const KEPT = 5;

export class Announcer extends Component {
  constructor(props) {
    super(props);
    this.region = createRef();
    this.waiting = [];
    props.ui.announcer = this;
  }

  shouldComponentUpdate() {
    return false; // what stands in it is written below, line by line
  }

  heard(entry) {
    if (!SPOKEN[entry.kind] || entry.isOwn) return;
    this.waiting.push(words.says(shown(entry.nick), entry.text));
    if (!this.timer) this.timer = setTimeout(() => this.speak(), 50);
  }

  say(text) {
    const { current } = this.region;
    if (!current) return;
    const line = document.createElement('div');
    line.textContent = text;
    current.appendChild(line);
    while (current.childNodes.length > KEPT) current.removeChild(current.firstChild);
  }

  speak() {
    const { waiting } = this;
    this.waiting = [];
    if (waiting.length) this.say(waiting.length === 1 ? waiting[0] : words.manyNew(waiting.length));
    this.timer = waiting.length ? setTimeout(() => this.speak(), AGAIN_MS) : null;
  }

  render() {
    return html`<div class="hidden" role="log" aria-live="polite" aria-relevant="additions" ref=${this.region}></div>`;
  }
}
