// Who is here.

import { colourOf, shown } from '../names.js';
import { words } from '../words.js';
import { Component, html } from './html.js';
import { Sheet } from './sheet.js';

const MOST = 300; // drawn at once
const RANKS = { '@': 'operator', '+': 'voiced' };

function member(one, ui) {
  const name = shown(one.nick);
  const facts = [RANKS[one.prefix] && words[RANKS[one.prefix]], one.isBot && words.machine, one.isAway && words.away].filter(Boolean);
  return html`<li key=${one.nick}><button class=${`member ${one.isAway ? 'away' : ''}`} title=${words.talkTo(name)} onClick=${() => ui.talk(one.nick)}>
    <span class=${`name c${colourOf(one.nick, 7)}`}>${name}</span>${facts.length > 0 && html`<span class="dim">${facts.join(', ')}</span>`}
  </button></li>`;
}

/** The list, drawn again only where somebody has changed: sorting a large room at every draw would take its time. */
export class MemberList extends Component {
  shouldComponentUpdate({ conversation, version }) {
    return conversation !== this.props.conversation || version !== this.props.version;
  }

  render({ conversation, ui }) {
    const members = conversation.ranked();
    return html`<div class="members"><h2>${words.membersCount(members.length)}</h2>
      <ul>${members.slice(0, MOST).map((one) => member(one, ui))}</ul>
      ${members.length > MOST && html`<p class="dim">${words.more(members.length - MOST)}</p>`}
    </div>`;
  }
}

export function MembersSheet({ conversation, ui }) {
  return html`<${Sheet} title=${words.members} look="right" onClose=${() => ui.close()}><${MemberList} conversation=${conversation} version=${conversation.membersVersion} ui=${ui} /><//>`;
}
