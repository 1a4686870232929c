// What can be done with one message.

import { shown } from '../names.js';
import { words } from '../words.js';
import { Component, html } from './html.js';
import { icon } from './icons.js';
import { Sheet } from './sheet.js';

const SIGNS = ['👍', '✓', '👀', '❤️', '😂', '⚠️'];

export class MenuSheet extends Component {
  remove() {
    const { ui, conversation, entry } = this.props;
    if (this.state.isSure) ui.remove(conversation, entry);
    else this.setState({ isSure: true });
  }

  copy() {
    this.setState({ told: copyText(this.props.entry.text, this.base) ? words.copied : words.notCopied });
  }

  render({ session, ui, conversation, entry }, { isSure, told }) {
    const { caps, isOperator } = session.state;
    const own = conversation.member(session.state.nick);
    const mayDelete = 'draft/message-redaction' in caps && (entry.isOwn || isOperator || (own && own.prefix === '@'));
    const react = (sign) => {
      ui.react(conversation, entry, sign);
      ui.close();
    };
    return html`<${Sheet} title=${words.message} look="low" onClose=${() => ui.close()}>
      <p class="about" ref=${(element) => (this.base = element)}><b>${shown(entry.nick)}</b> <span>${entry.text.slice(0, 200)}</span></p>
      <div class="menu">
        ${'message-tags' in caps && html`<div class="signs">${SIGNS.map((sign) => html`<button key=${sign} aria-label=${words.reactWith(sign)} onClick=${() => react(sign)}>${sign}</button>`)}</div>`}
        <button data-first onClick=${() => ui.reply(entry)}>${icon('reply')} ${words.reply}</button>
        <button onClick=${() => this.copy()}>${words.copy}</button>
        ${mayDelete && html`<button class="danger" onClick=${() => this.remove()}>${isSure ? words.reallyDelete : words.delete}</button>`}
        <p role="status" class="told">${told}</p>
      </div>
    <//>`;
  }
}

/** Copy in the old way, the only one on plain HTTP; tells whether it worked. Inside the dialog, as it holds the focus. */
function copyText(text, beside) {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'hidden';
  beside.appendChild(area);
  area.select();
  let isDone = false;
  try {
    isDone = document.execCommand('copy');
  } catch (error) {
    isDone = false;
  }
  beside.removeChild(area);
  return isDone;
}
