// Name, sound, colours, size of the text, keys, and being forgotten.

import { shown } from '../names.js';
import { words } from '../words.js';
import { Component, html } from './html.js';
import { Sheet } from './sheet.js';

export class SettingsSheet extends Component {
  rename(event) {
    event.preventDefault();
    this.props.ui.rename(String(new FormData(event.target).get('name')));
  }

  choice(name, options) {
    const { settings, ui } = this.props;
    return options.map(([value, text]) => html`<label class="check"><input type="radio" name=${name} checked=${settings[name] === value}
      onChange=${() => ui.set(name, value)} /> ${text}</label>`);
  }

  forget() {
    if (this.state.isSure) this.props.ui.forget();
    else this.setState({ isSure: true });
  }

  render({ session, settings, ui }, { isSure }) {
    const { state } = session;
    const isAway = state.isAway;
    return html`<${Sheet} title=${words.settings} look="right" onClose=${() => ui.close()}>
      <form class="form" onSubmit=${(event) => this.rename(event)}>
        <label>${words.yourName}<input name="name" defaultValue=${shown(state.nick || session.nick)} autocomplete="nickname" /></label>
        <button>${words.changeName}</button>
      </form>
      <div class="form"><button onClick=${() => ui.away(!isAway)}>${isAway ? words.comeBackFromAway : words.goAway}</button></div>
      <fieldset class="form"><legend>${words.sound}</legend>${this.choice('sound', [['off', words.soundOff], ['mentions', words.soundMentions], ['all', words.soundAll]])}</fieldset>
      <fieldset class="form"><legend>${words.theme}</legend>${this.choice('theme', [['system', words.themeSystem], ['light', words.themeLight], ['dark', words.themeDark]])}</fieldset>
      <fieldset class="form"><legend>${words.textSize}</legend>${this.choice('size', words.sizes.map((text, index) => [index, text]))}</fieldset>
      <div class="form"><label class="check"><input type="checkbox" checked=${settings.announce} onChange=${() => ui.set('announce', !settings.announce)} /> ${words.announce}</label></div>
      <section class="form"><h3>${words.keys}</h3><dl class="keys">${words.keyList.map(([key, what]) => html`<div key=${key}><dt>${key}</dt><dd>${what}</dd></div>`)}</dl></section>
      <div class="form"><p class="dim">${words.forgetHint}</p><button class="danger" onClick=${() => this.forget()}>${isSure ? words.reallyForget : words.forgetMe}</button></div>
    <//>`;
  }
}
