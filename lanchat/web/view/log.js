// The timeline of one conversation: its window of rows, and where it is scrolled to.

import { Anchor, NEAR_END_PX, Window } from '../timeline.js';
import { rowsOf } from '../rows.js';
import { words } from '../words.js';
import { Component, createRef, html } from './html.js';
import { icon } from './icons.js';
import { Row, pending } from './row.js';

const SCREENS_AHEAD = 2; // older ones are asked for that far before the end of what is here
const LONG_PRESS_MS = 550;

export class Timeline extends Component {
  constructor(props) {
    super(props);
    this.scroller = createRef();
    this.window = props.places.get(props.conversation.key) || new Window();
    props.places.set(props.conversation.key, this.window);
    this.isPlaced = Boolean(this.window.anchor);
    this.onScroll = () => this.scrolled();
    this.onKey = (event) => this.key(event);
    this.isTouched = false; // then the end does not pull: a finger that begins to leave it is slow
    this.onTouch = (event) => (this.isTouched = event.type === 'touchstart');
  }

  componentDidMount() {
    this.props.ui.timeline = this;
    this.anchor = new Anchor(this.scroller.current);
    this.scroller.current.addEventListener('scroll', this.onScroll, { passive: true });
    ['touchstart', 'touchend', 'touchcancel'].forEach((type) => this.scroller.current.addEventListener(type, this.onTouch, { passive: true }));
    if (window.ResizeObserver) {
      this.resized = new ResizeObserver(() => this.hold());
      this.resized.observe(this.scroller.current);
    }
    if (this.window.anchor) {
      this.anchor.rows = this.window.anchor;
      this.hold();
    }
    this.settle();
  }

  componentWillUnmount() {
    if (this.props.ui.timeline === this) this.props.ui.timeline = null;
    this.anchor.note();
    this.window.anchor = this.anchor.rows;
    if (this.resized) this.resized.disconnect();
  }

  getSnapshotBeforeUpdate() {
    if (!this.window.isAtEnd) this.anchor.note();
    const { activeElement } = document;
    return this.scroller.current.contains(activeElement) && activeElement !== this.scroller.current;
  }

  componentDidUpdate(_props, _state, hadFocus) {
    this.hold();
    if (hadFocus && document.activeElement === document.body) this.scroller.current.focus({ preventScroll: true });
    this.settle();
  }

  /** Keep the end at the end, or what is looked at where it is. */
  hold() {
    if (this.window.isAtEnd) this.anchor.toEnd();
    else this.anchor.restore();
  }

  /** After a draw: go where this person wants to be, and look for more rows where these are nearly over. */
  settle() {
    const { conversation } = this.props;
    if (this.window.wanted) this.goTo(this.window.wanted);
    else if (!this.isPlaced && conversation.hasEntered) this.place();
    this.ahead();
    this.see();
  }

  /** The first look: at what is new, else at the end. */
  place() {
    this.isPlaced = true;
    const { conversation } = this.props;
    const { log, newSince } = conversation;
    if (newSince === null || newSince === Infinity || !conversation.unread) return;
    const first = log.placeAfter(newSince);
    const [start] = this.window.range(log);
    if (first < start) {
      this.window.around(log, first);
      this.window.wanted = { key: 'new', part: 0.1 };
      this.props.ui.draw();
      return;
    }
    const row = this.anchor.row('new');
    if (row && row.getBoundingClientRect().top < this.scroller.current.getBoundingClientRect().top) this.goTo({ key: 'new', part: 0.1 });
  }

  goTo(wanted) {
    const row = this.anchor.row(wanted.key);
    this.window.wanted = null;
    this.isPlaced = true;
    if (!row) return;
    this.window.isAtEnd = false;
    this.anchor.bring(row, wanted.part);
    this.anchor.note();
    if (!wanted.isFound) return;
    row.classList.remove('found');
    void row.offsetWidth; // so that the marking begins anew
    row.classList.add('found');
    row.focus({ preventScroll: true });
  }

  scrolled() {
    const { log } = this.props.conversation;
    const [, end] = this.window.range(log);
    const wasAtEnd = this.window.isAtEnd;
    this.window.isAtEnd = end === log.length && this.anchor.isNearEnd(this.isTouched ? 1 : NEAR_END_PX);
    if (!this.window.isAtEnd) this.anchor.note();
    this.ahead();
    this.see();
    if (wasAtEnd !== this.window.isAtEnd) this.props.ui.draw();
  }

  /** Bring more rows into the page before this person gets there. */
  ahead() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller.current;
    const { conversation, session, ui } = this.props;
    if (!clientHeight || this.isMoving) return;
    const isNearStart = scrollTop < SCREENS_AHEAD * clientHeight;
    const isNearFoot = scrollHeight - scrollTop - clientHeight < SCREENS_AHEAD * clientHeight;
    if (isNearStart && conversation.hasEntered) {
      if (this.window.isAtEnd && scrollHeight > clientHeight * (SCREENS_AHEAD + 1)) return;
      const isStaying = this.window.isAtEnd;
      if (this.window.older(conversation.log)) this.redraw(isStaying);
      else if (!conversation.log.isCleared && session.history.older(conversation)) ui.changed();
    }
    if (isNearFoot && !this.window.isAtEnd && this.window.newer(conversation.log)) this.redraw(false);
  }

  redraw(isAtEnd) {
    this.window.isAtEnd = isAtEnd;
    this.isMoving = true;
    Promise.resolve().then(() => {
      this.isMoving = false;
      this.props.ui.draw();
    });
  }

  see() {
    if (this.isPlaced && this.window.isAtEnd) this.props.ui.seen(this.props.conversation);
  }

  toEnd() {
    this.window.toEnd();
    this.props.ui.draw();
    this.anchor.toEnd();
  }

  // ---- keys and fingers --------------------------------------------------------------------------------------------

  messages() {
    return [...this.scroller.current.querySelectorAll('.message')];
  }

  focusLast() {
    const rows = this.messages();
    if (rows.length) rows[rows.length - 1].focus();
    return rows.length > 0;
  }

  key(event) {
    const { ui, conversation } = this.props;
    const rows = this.messages();
    const row = event.target.closest('.message');
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Escape' || event.key === 'End') ui.toComposer();
    else if (event.key === '/') ui.open('search');
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') this.move(rows, row, event.key === 'ArrowUp' ? -1 : 1);
    else if (row && event.target === row && (event.key === 'Enter' || event.key === 'r' || event.key === 'R')) {
      const entry = conversation.log.get(row.dataset.key);
      if (!entry) return;
      if (event.key === 'Enter') ui.menu(conversation, entry);
      else ui.reply(entry);
    } else return;
    event.preventDefault();
  }

  move(rows, row, step) {
    const next = row ? rows[rows.indexOf(row) + step] : rows[rows.length - 1];
    if (next) next.focus();
    else if (step > 0) this.props.ui.toComposer();
  }

  press(event) {
    const row = event.target.closest && event.target.closest('.message');
    clearTimeout(this.pressing);
    if (!row || event.pointerType !== 'touch' || event.target.closest('a,button')) return;
    this.pressing = setTimeout(() => {
      const entry = this.props.conversation.log.get(row.dataset.key);
      if (entry) this.props.ui.menu(this.props.conversation, entry);
    }, LONG_PRESS_MS);
  }

  render({ conversation, session, ui }) {
    const { log } = conversation;
    const [start, end] = this.window.range(log);
    const rows = rowsOf(log.entries.slice(start, end), conversation.newSince, log.entries[start - 1]);
    const items = end === log.length ? session.outbox.of(conversation.key) : [];
    const stop = () => clearTimeout(this.pressing);
    return html`<div class="scroll">
      <div class="log" role="list" ref=${this.scroller} tabindex="0" aria-label=${words.messagesIn(conversation.title)} onKeyDown=${this.onKey}
        onPointerDown=${(event) => this.press(event)} onPointerUp=${stop} onPointerMove=${stop} onPointerCancel=${stop}>
        ${this.top(start)}
        ${rows.map((row) => html`<${Row} key=${row.key} row=${row} nick=${session.state.nick} ui=${ui} conversation=${conversation}
          quoted=${row.entry && row.entry.replyTo ? log.get(row.entry.replyTo) : undefined} />`)}
        ${items.map((item) => pending(item, ui, session.state.nick || session.nick))}
      </div>
      ${!this.window.isAtEnd && html`<button class="to-end" onClick=${() => this.toEnd()}>${icon('down')} ${words.newBelow(conversation.unread)}</button>`}
    </div>`;
  }

  /** What stands above the first row: whether there is more. */
  top(start) {
    const { conversation, session, ui } = this.props;
    const { log } = conversation;
    if (start > 0) return null;
    const say = (text) => html`<div class="row note top" role="listitem">${text}</div>`;
    if (conversation.isLoading) return say(words.loadingOlder);
    if (log.isWhole) return say(log.length ? words.beginning : words.empty);
    if (!session.link.isUp) return log.length ? say(words.noConnectionForOlder) : null;
    const more = () => {
      log.isCleared = false;
      session.history.older(conversation, true);
      ui.changed();
    };
    return html`<div class="row note top" role="listitem"><button class="link" onClick=${more}>${words.showOlder}</button></div>`;
  }
}
