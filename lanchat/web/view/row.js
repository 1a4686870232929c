// One row of the timeline. A row is drawn again only where its entry is another object.

import { day, full, hour } from '../clock.js';
import { colourOf, fold, shown } from '../names.js';
import { movesOf } from '../rows.js';
import { words } from '../words.js';
import { Component, classes, html } from './html.js';
import { icon } from './icons.js';
import { linked } from './linked.js';

const COLOURS = 7;
const QUOTED = 120;
const MAX_NAMES = 8;

const colour = (nick) => `c${colourOf(nick, COLOURS)}`;

export class Row extends Component {
  shouldComponentUpdate(next) {
    const { row, nick, quoted, isOpen } = this.props;
    const same = row.type === 'moves' ? row.entries.length === next.row.entries.length && row.entries[0] === next.row.entries[0] : row.entry === next.row.entry;
    return !same || row.isFirst !== next.row.isFirst || row.at !== next.row.at || nick !== next.nick || quoted !== next.quoted || isOpen !== next.isOpen;
  }

  render({ row, nick, quoted, ui, conversation }) {
    return DRAWN[row.type](row, { nick, quoted, ui, conversation });
  }
}

const DRAWN = {
  day: (row) => html`<div class="row day" data-key=${row.key} role="listitem"><span>${day(row.at)}</span></div>`,
  new: (row) => html`<div class="row new" data-key=${row.key} role="listitem"><span>${words.newSince(hour(row.at))}</span></div>`,
  gap: (row, { ui, conversation }) => html`<div class="row gap" data-key=${row.key} role="listitem">
    <span>${row.entry.isAsked ? words.lookingForMissing : words.missing}</span>
    <button class="link" disabled=${row.entry.isAsked} onClick=${() => ui.fill(conversation, row.entry)}>${words.showMissing}</button>
  </div>`,
  moves: (row) => html`<div class="row note" data-key=${row.key} role="listitem">${moves(row.entries)}</div>`,
  note: (row, context) => html`<div class=${`row note ${row.entry.kind}`} data-key=${row.key} role="listitem">
    <span class="text">${linked(note(row.entry), context.nick)}</span>${time(row.entry)}
  </div>`,
  message,
};

function moves(entries) {
  const { came, left, both } = movesOf(entries);
  const some = (names) => (names.length > MAX_NAMES ? names.slice(0, MAX_NAMES).map(shown).concat(words.more(names.length - MAX_NAMES)) : names.map(shown));
  const parts = [came.length && words.cameIn(some(came)), left.length && words.left(some(left)), both.length && words.cameAndLeft(some(both))];
  return parts.filter(Boolean).join('; ');
}

function note(entry) {
  const name = shown(entry.nick);
  switch (entry.kind) {
    case 'nick':
      return entry.isOwn ? words.youAreNow(shown(entry.to)) : words.renamed(name, shown(entry.to));
    case 'kick':
      return kicked(entry, name);
    case 'topic':
      return entry.text ? words.setTopic(name, entry.text) : words.noTopic(name);
    default:
      return entry.text;
  }
}

function kicked(entry, name) {
  const reason = entry.text === entry.nick || entry.text === entry.to ? '' : entry.text;
  const by = entry.to ? shown(entry.to) : '';
  return entry.isOwn ? words.youWereKicked(by, reason) : words.kicked(name, by, reason);
}

function time(entry) {
  return html`<time dateTime=${new Date(entry.at).toISOString()} title=${full(entry.at)}>${hour(entry.at)}</time>`;
}

function message(row, { nick, quoted, ui, conversation }) {
  const { entry, isFirst } = row;
  const name = shown(entry.nick);
  const look = classes({ row: true, message: true, first: isFirst, own: entry.isOwn, mention: entry.isMention, notice: entry.kind === 'notice', [entry.kind]: true });
  const open = (event) => ui.menu(conversation, entry, event);
  return html`<div class=${look} data-key=${row.key} role="listitem" tabindex="-1" onContextMenu=${open}>
    <span class=${classes({ name: true, [colour(entry.nick)]: true, hidden: !isFirst && entry.kind !== 'action' })}>${name}</span>
    ${entry.isBot && isFirst && html`<span class="badge">${words.machine}</span>`}
    ${entry.replyTo && quote(entry, quoted, ui, conversation)}
    <div class="text">${entry.isDeleted ? html`<em class="dim">${words.deleted}</em>` : linked(entry.text, entry.isOwn ? '' : nick)}</div>
    ${time(entry)}
    ${entry.reactions.length > 0 && reactions(entry, nick, ui, conversation)}
    ${entry.msgid && !entry.isDeleted && html`<button class="more" tabindex="-1" aria-label=${words.moreFor(name)} onClick=${open}>${icon('more')}</button>`}
  </div>`;
}

function quote(entry, quoted, ui, conversation) {
  const text = quoted ? words.replyTo(shown(quoted.nick), (quoted.isDeleted ? words.deletedFor : quoted.text).slice(0, QUOTED)) : words.replyToUnknown;
  return html`<button class="quote" tabindex="-1" onClick=${() => ui.jump(conversation.name, entry.replyTo)}>${icon('reply')}<span>${text}</span></button>`;
}

function reactions(entry, nick, ui, conversation) {
  return html`<div class="reactions">
    ${entry.reactions.map((one) => {
      const isOwn = one.nicks.some((other) => fold(other) === fold(nick));
      const label = words.reacted(one.text, one.nicks.slice(0, 20).map(shown));
      return html`<button class="reaction" tabindex="-1" aria-pressed=${String(isOwn)} aria-label=${label} title=${label}
        onClick=${() => ui.react(conversation, entry, one.text)}>${one.text} ${one.nicks.length}</button>`;
    })}
  </div>`;
}

/** What is said and not confirmed yet. */
export function pending(item, ui, nick) {
  const isStuck = item.state === 'failed' || item.state === 'unsure';
  const said = { failed: words.notSent(item.why), unsure: words.unsure, sent: words.sending, doubtful: words.waiting, waiting: words.waiting };
  return html`<div class=${classes({ row: true, message: true, first: true, own: true, pending: true, stuck: isStuck })} data-key=${item.id} key=${item.id} role="listitem" tabindex="-1">
    <span class=${`name ${colour(nick)}`}>${shown(nick)}</span>
    <div class="text">${linked(item.text, '')}</div>
    <span class="state">${said[item.state]}</span>
    ${isStuck && html`<div class="choices">
      <button onClick=${() => ui.again(item)}>${words.sendAgain}</button>
      <button onClick=${() => ui.edit(item)}>${words.edit}</button>
      <button onClick=${() => ui.discard(item)}>${words.discard}</button>
    </div>`}
  </div>`;
}
