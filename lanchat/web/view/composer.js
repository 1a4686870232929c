// Where this person writes: several lines, drafts, names and commands by Tab, replies.

import { Completion } from '../completion.js';
import { commandNames, submit } from '../commands.js';
import { SPOKEN } from '../log.js';
import { fold, shown } from '../names.js';
import { sayable } from '../text.js';
import { words } from '../words.js';
import { Component, createRef, html } from './html.js';
import { icon } from './icons.js';

const MAX_SPOKE = 200;
const DRAFT_AFTER_MS = 250;
const TALLEST = 0.4; // of the page

export class Composer extends Component {
  constructor(props) {
    super(props);
    this.area = createRef();
    this.completion = new Completion();
  }

  componentDidMount() {
    this.area.current.value = this.props.drafts.get(this.props.conversation.name);
    this.grow();
    this.props.ui.composer = this;
    if (this.props.ui.hasKeyboard && !this.props.ui.sheet) this.area.current.focus();
  }

  componentWillUnmount() {
    this.keep();
    if (this.props.ui.composer === this) this.props.ui.composer = null;
  }

  get text() {
    return this.area.current.value;
  }

  set(text, cursor) {
    this.area.current.value = text;
    const at = cursor === undefined ? text.length : cursor;
    this.area.current.setSelectionRange(at, at);
    this.changed();
  }

  focus() {
    this.area.current.focus();
  }

  changed() {
    this.grow();
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.keep(), DRAFT_AFTER_MS);
    this.props.session.typing(this.text);
  }

  keep() {
    clearTimeout(this.keeping);
    if (this.area.current) this.props.drafts.set(this.props.conversation.name, this.text);
  }

  grow() {
    const { current } = this.area;
    current.style.height = 'auto';
    current.style.height = `${Math.min(current.scrollHeight + 2, window.innerHeight * TALLEST)}px`;
  }

  send(event) {
    if (event) event.preventDefault();
    const { session, ui } = this.props;
    const text = sayable(this.text);
    if (!submit(session, ui, text, ui.replyTo && ui.replyTo.msgid)) return;
    ui.replyTo = null;
    this.area.current.value = '';
    this.grow();
    this.keep();
    ui.sent();
  }

  key(event) {
    const { ui } = this.props;
    if (event.isComposing || event.keyCode === 229) return; // an input method takes this key
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) this.send(event);
    else if (event.key === 'Tab' && !event.ctrlKey) this.complete(event);
    else if (event.key === 'Escape' && ui.replyTo) ui.stopReply();
    else if (event.key === 'ArrowUp' && !this.text && !event.altKey && ui.toRows()) event.preventDefault();
  }

  complete(event) {
    const { current } = this.area;
    const { session } = this.props;
    if (current.selectionStart !== current.selectionEnd) return;
    const made = this.completion.next(this.text, current.selectionStart, names(session), commandNames(session), event.shiftKey);
    if (!made) return;
    event.preventDefault();
    this.set(...made);
    this.completion.made = made;
  }

  render({ conversation, ui }) {
    const isOutside = conversation.isChannel && conversation.isGone;
    const label = words.messageTo(conversation.title);
    return html`<form class="composer" onSubmit=${(event) => this.send(event)}>
      ${ui.replyTo && html`<div class="replying"><span>${words.replyingTo(shown(ui.replyTo.nick))}: ${ui.replyTo.text.slice(0, 80)}</span>
        <button type="button" class="icon-button" aria-label=${words.stopReply} onClick=${() => ui.stopReply()}>${icon('close')}</button></div>`}
      <textarea key="area" hidden=${isOutside} ref=${this.area} rows="1" aria-label=${label} placeholder=${label} enterkeyhint="send"
        autocapitalize="sentences" onKeyDown=${(event) => this.key(event)} onInput=${() => this.changed()}></textarea>
      ${isOutside ? this.outside(conversation, ui) : html`<button class="send" aria-label=${words.send}>${icon('send')}<span>${words.send}</span></button>`}
    </form>`;
  }

  outside(conversation, ui) {
    return html`<span class="outside">${words.notInRoom(conversation.title)}</span>
      <button type="button" onClick=${() => ui.comeBack(conversation)}>${words.comeBack}</button>`;
  }
}

/** The names for Tab: who spoke last here comes first. */
function names(session) {
  const { current, nick } = session.state;
  if (!current) return [];
  const spoke = new Map();
  for (const entry of current.log.entries.slice(-MAX_SPOKE).reverse()) {
    if (SPOKEN[entry.kind] && current.member(entry.nick)) spoke.set(fold(entry.nick), shown(entry.nick));
  }
  const others = current.ranked().map((member) => shown(member.nick)).filter((name) => ![...spoke.values()].includes(name));
  return [...spoke.values(), ...others].filter((name) => name !== shown(nick));
}
