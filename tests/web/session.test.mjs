// A session without a browser: what the host says becomes what is shown, and what is said becomes lines.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parse } from '../../lanchat/web/irc.js';
import { Session } from '../../lanchat/web/session.js';
import { message } from '../../lanchat/web/irc.js';
import { messagesOf, parts } from '../../lanchat/web/phrasing.js';
import { movesOf, rowsOf } from '../../lanchat/web/rows.js';
import { Window } from '../../lanchat/web/timeline.js';
import { Log } from '../../lanchat/web/log.js';
import { Completion } from '../../lanchat/web/completion.js';
import { submit } from '../../lanchat/web/commands.js';
import { words } from '../../lanchat/web/words.js';

const CAPS = { batch: '', 'draft/chathistory': '', 'draft/event-playback': '', 'draft/message-redaction': '', 'draft/multiline': '',
  'draft/read-marker': '', 'echo-message': '', 'labeled-response': '', 'message-tags': '', 'server-time': '' };

class Memory {
  constructor() {
    this.values = {};
    this.isKept = true;
  }

  get(key, otherwise) {
    return key in this.values ? this.values[key] : otherwise;
  }

  set(key, value) {
    this.values[key] = value;
  }
}

/** A session that is connected to nothing: `sent` has what it would have told the host. */
function connected() {
  const sent = [];
  const events = [];
  const session = new Session({ address: '', lookUp: () => null, keep: new Memory(), box: { items: [], keep() {} }, changed() {}, events: (list) => events.push(...list) });
  session.room = { host: 'h', channel: '#x', rooms: [{ channel: '#x', name: 'X' }] };
  Object.assign(session.link, { isUp: true, caps: CAPS, write: (messages) => sent.push(...messages) });
  session.link.nick = session.nick = 'Ana';
  session.welcomed('Ana', '');
  const hear = (...lines) => lines.forEach((line) => session.link.listener.hear(parse(line)));
  return { session, sent, events, hear, last: (command) => sent.filter((one) => one.command === command).pop() };
}

function inRoom() {
  const it = connected();
  it.hear('@time=2026-03-01T12:00:00.000Z;msgid=j1 :Ana!a@h JOIN #x * :Ana', ':h 353 Ana = #x :@Zoé Ana', ':h 366 Ana #x :end');
  const { label } = it.last('CHATHISTORY').tags;
  it.hear(`@label=${label};draft/chathistory-end :h BATCH +1 chathistory #x`, ':h BATCH -1');
  it.room = it.session.state.find('#x');
  return it;
}

const said = (id, text, more) => `@time=2026-03-01T12:00:${id}.000Z;msgid=m${id}${more || ''} :Zoé!z@h PRIVMSG #x :${text}`;
const texts = (log) => log.entries.filter((one) => one.kind === 'message').map((one) => one.text);

test('the room is joined, its members are known, its past is asked for', () => {
  const { session, sent, room } = inRoom();
  assert.deepEqual(sent.filter((one) => one.command === 'JOIN').map((one) => one.params), [['#x']]);
  assert.deepEqual(room.ranked().map((one) => one.prefix + one.nick), ['@Zoé', 'Ana']);
  assert.equal(room.log.isWhole, true);
  assert.equal(session.state.current, room);
});

test('what is said is shown, counted and told, a call by name twice', () => {
  const { room, hear, events } = inRoom();
  hear(said('01', 'hello'), said('02', 'Ana, look'));
  assert.deepEqual(texts(room.log), ['hello', 'Ana, look']);
  assert.deepEqual([room.unread, room.mentions], [2, 1]);
  assert.deepEqual(events.filter((one) => one.type === 'said').map((one) => one.entry.isMention), [false, true]);
});

test('what is said here leaves with an id and goes from the outbox with its echo', () => {
  const { session, last, hear, room } = inRoom();
  session.say({ target: '#x', text: 'mine' });
  const { label } = last('PRIVMSG').tags;
  assert.equal(last('PRIVMSG').tags['+lanchat/id'], label);
  assert.equal(session.outbox.items.length, 1);
  hear(`@time=2026-03-01T12:00:03.000Z;msgid=m3;label=${label};+lanchat/id=${label} :Ana!a@h PRIVMSG #x :mine`);
  assert.equal(session.outbox.items.length, 0);
  assert.deepEqual(texts(room.log), ['mine']);
});

test('a message that a refusal is about stays, with the reason', () => {
  const { session, last, hear } = inRoom();
  session.say({ target: '#x', text: 'mine' });
  hear(`@label=${last('PRIVMSG').tags.label} :h 404 Ana #x :Cannot send to channel`);
  assert.equal(session.outbox.items[0].state, 'failed');
  assert.match(session.outbox.items[0].why, /Cannot send/);
});

test('a message that arrived though its echo did not is not said again after the connection is back', () => {
  const { session, sent, hear, last } = inRoom();
  session.say({ target: '#x', text: 'arrived' });
  session.say({ target: '#x', text: 'did not' });
  const id = session.outbox.items[0].id;
  session.status({ kind: 'lost' });
  session.welcomed('Ana', '');
  hear('@msgid=j2;time=2026-03-01T12:01:00.000Z :Ana!a@h JOIN #x * :Ana');
  sent.length = 0;
  const { label } = { label: [...session.history.asked.keys()].pop() };
  hear(`@label=${label};draft/chathistory-end :h BATCH +2 chathistory #x`, `@batch=2;msgid=m9;time=2026-03-01T12:00:09.000Z;+lanchat/id=${id} :Ana!a@h PRIVMSG #x :arrived`, ':h BATCH -2');
  assert.deepEqual(sent.filter((one) => one.command === 'PRIVMSG').map((one) => one.params[1]), ['did not']);
  assert.equal(last('PRIVMSG').params[1], 'did not');
});

test('what was said to one person and may not have arrived is decided about, with and without an account', () => {
  for (const [account, state] of [['', 'unsure'], ['Ana', 'sent']]) {
    const { session, sent, hear } = inRoom();
    session.link.account = account;
    session.show('Zoé');
    const answer = () => {
      const asked = sent.filter((one) => one.command === 'CHATHISTORY' && one.params[1] === 'Zoé').pop();
      hear(`@label=${asked.tags.label};draft/chathistory-end :h BATCH +z chathistory Zoé`, ':h BATCH -z');
    };
    answer();
    session.say({ target: 'Zoé', text: 'psst' });
    session.show('#x');
    session.status({ kind: 'lost' });
    session.welcomed('Ana', '');
    answer();
    assert.equal(session.outbox.items[0].state, state);
  }
});

test('what was said in a room that lets us in no more stays in sight, with the reason', () => {
  const { session, hear } = inRoom();
  session.outbox.put({ id: 'i1', target: '#closed', text: 'wait for me' });
  hear(':h 473 Ana #closed :Cannot join channel (+i)');
  assert.equal(session.state.find('#closed').isGone, true);
  assert.deepEqual([session.outbox.items[0].state, session.outbox.items[0].why], ['failed', 'closed is closed: somebody in it has to invite you.']);
});

test('after a long absence the last hundred are shown, and a gap before them', () => {
  const { session, sent, hear, room } = inRoom();
  hear(said('01', 'before'));
  session.status({ kind: 'lost' });
  session.welcomed('Ana', '');
  hear('@msgid=j2;time=2026-03-01T13:00:00.000Z :Ana!a@h JOIN #x * :Ana');
  for (let page = 1; page <= 5; page++) {
    const asked = sent.filter((one) => one.command === 'CHATHISTORY').pop();
    assert.equal(asked.params[0], 'AFTER');
    hear(`@label=${asked.tags.label} :h BATCH +${page} chathistory #x`, `@batch=${page};msgid=p${page};time=2026-03-01T12:1${page}:00.000Z :Zoé!z@h PRIVMSG #x :page ${page}`, `:h BATCH -${page}`);
  }
  const asked = sent.filter((one) => one.command === 'CHATHISTORY').pop();
  assert.equal(asked.params[0], 'LATEST');
  hear(`@label=${asked.tags.label} :h BATCH +9 chathistory #x`, '@batch=9;msgid=e1;time=2026-03-01T12:59:00.000Z :Zoé!z@h PRIVMSG #x :end', ':h BATCH -9');
  assert.deepEqual(room.log.gaps().map((gap) => [gap.after, gap.before]), [['p5', 'e1']]);
});

test('a host that has forgotten the last message is asked by its time, then for the latest', () => {
  const { session, sent, hear } = inRoom();
  hear(said('01', 'before'));
  session.status({ kind: 'lost' });
  session.welcomed('Ana', '');
  hear('@msgid=j2;time=2026-03-01T13:00:00.000Z :Ana!a@h JOIN #x * :Ana');
  const refuse = () => hear(`@label=${sent.filter((one) => one.command === 'CHATHISTORY').pop().tags.label} :h FAIL CHATHISTORY UNKNOWN_MSGID AFTER #x :gone`);
  refuse();
  assert.match(sent.filter((one) => one.command === 'CHATHISTORY').pop().params[2], /^timestamp=/);
  refuse();
  assert.equal(sent.filter((one) => one.command === 'CHATHISTORY').pop().params[0], 'LATEST');
});

test('a host that cannot look it up is not asked again and again, but when somebody wants it', () => {
  const { session, sent, hear, room } = inRoom();
  hear(said('01', 'one'));
  room.log.isWhole = false;
  const asked = () => sent.filter((one) => one.command === 'CHATHISTORY' && one.params[0] === 'BEFORE');
  const refuse = () => hear(`@label=${asked().pop().tags.label} :h FAIL CHATHISTORY MESSAGE_ERROR BEFORE #x :not now`);
  assert.ok(session.history.older(room));
  refuse(); // it is asked by time, once
  refuse();
  assert.equal(asked().length, 2);
  assert.ok(!session.history.older(room));
  assert.ok(session.history.older(room, true));
});

test('reactions, replies and what is taken back change the message that they are about', () => {
  const { hear, room } = inRoom();
  hear(said('01', 'one'), '@+draft/react=👍;+reply=m01 :Bo!b@h TAGMSG #x', '@+draft/react=👍;+draft/reply=m01 :Bo!b@h TAGMSG #x', '@+draft/react=👍;+reply=m01 :Cy!c@h TAGMSG #x');
  assert.deepEqual(room.log.get('m01').reactions, [{ text: '👍', nicks: ['Bo', 'Cy'] }]);
  hear('@+draft/unreact=👍;+reply=m01 :Bo!b@h TAGMSG #x');
  assert.deepEqual(room.log.get('m01').reactions, [{ text: '👍', nicks: ['Cy'] }]);
  hear(said('02', 'two', ';+reply=m01'), ':Zoé!z@h REDACT #x m01');
  assert.equal(room.log.get('m02').replyTo, 'm01');
  assert.deepEqual([room.log.get('m01').isDeleted, room.log.get('m01').text, room.unread], [true, '', 1]);
});

test('coming, going, names, ranks and topics are followed', () => {
  const { hear, room, session } = inRoom();
  hear(':Bo!b@h JOIN #x * :Bo', ':Bo!b@h NICK Bob', ':h MODE #x +v Bob', ':Bob!b@h AWAY :lunch', ':Zoé!z@h TOPIC #x :Shift B');
  assert.deepEqual(room.ranked().map((one) => one.prefix + one.nick), ['@Zoé', '+Bob', 'Ana']);
  assert.equal(room.member('bob').isAway, true);
  assert.equal(room.subject, 'Shift B');
  hear(':Bob!b@h QUIT :Quit: bye', ':Zoé!z@h KICK #x Ana :enough');
  assert.deepEqual([room.members.size, room.isGone, session.state.channels().length], [1, true, 1]);
});

test('talk with one person is a conversation of its own, and goes on under a new name', () => {
  const { hear, session } = inRoom();
  hear('@msgid=w1;time=2026-03-01T12:00:01.000Z :Zoé!z@h PRIVMSG Ana :psst');
  assert.deepEqual(session.state.people().map((one) => [one.name, one.unread]), [['Zoé', 1]]);
  hear(':Zoé!z@h NICK Zora');
  assert.deepEqual(session.state.people().map((one) => one.name), ['Zora']);
});

test('a marker of another device counts what is unread anew', () => {
  const { hear, room } = inRoom();
  hear(said('01', 'one'), said('02', 'two'), ':h MARKREAD #x timestamp=2026-03-01T12:00:01.000Z');
  assert.equal(room.unread, 1);
});

test('a long or many-lined text is one batch, cut to what a line carries', () => {
  const saying = { target: '#x', source: 'Ana!~Ana@10.0.0.1', caps: CAPS };
  const long = 'word '.repeat(300).trim();
  assert.deepEqual(parts({ ...saying, text: `a\n\n${long}` }), [`a\n\n${long}`]);
  const lines = messagesOf({ ...saying, id: 'i1', text: `a\n\n${long}` });
  assert.deepEqual([lines[0].command, lines[0].params[1], lines[lines.length - 1].params[0]], ['BATCH', 'draft/multiline', '-bi1']);
  const text = lines.slice(1, -1).map((one, index) => ('draft/multiline-concat' in one.tags || !index ? '' : '\n') + one.params[1]).join('');
  assert.equal(text, `a\n\n${long}`);
  assert.ok(parts({ ...saying, text: 'line\n'.repeat(250) }).length === 3);
  assert.ok(parts({ ...saying, caps: {}, text: 'a\n\nb' }).length === 2);
});

test('commands do what they say, and a wrong one stays in the editor', () => {
  const { session, last, room } = inRoom();
  const ui = { open() {}, toggleSound() {}, leave() {} };
  assert.equal(submit(session, ui, '/nosuch', ''), false);
  assert.equal(room.log.entries.pop().kind, 'error');
  assert.equal(submit(session, ui, '/me waves', ''), true);
  assert.equal(last('PRIVMSG').params[1], '\x01ACTION waves\x01');
  submit(session, ui, '//slash', '');
  assert.equal(last('PRIVMSG').params[1], '/slash');
  submit(session, ui, '/topic Shift B', '');
  assert.deepEqual(last('TOPIC').params, ['#x', 'Shift B']);
  submit(session, ui, '/join Engine room key=sesame', '');
  assert.deepEqual(last('JOIN').params, ['#Engine-room', 'sesame']);
  assert.equal(submit(session, ui, '/kick', ''), false);
  assert.equal(submit(session, ui, '   ', ''), false);
});

test('every command has its words, and every word its command', () => {
  const { session, room } = inRoom();
  submit(session, {}, '/help', '');
  const shown = room.log.entries[room.log.entries.length - 1].text.split('\n').map((line) => /^\/(\w+)/.exec(line)).filter(Boolean).map((found) => found[1]);
  assert.deepEqual(shown.sort(), Object.keys(words.commands).filter((name) => name !== 'search').sort());
});

test('people who came and went are one row, days and what is new stand between', () => {
  const at = (minute) => Date.UTC(2026, 2, 1, 12, minute);
  const entries = [
    { kind: 'join', key: 'a', at: at(0), nick: 'Bo' }, { kind: 'leave', key: 'b', at: at(1), nick: 'bo' }, { kind: 'join', key: 'c', at: at(2), nick: 'Cy' },
    { kind: 'message', key: 'd', at: at(3), nick: 'Cy', isBot: false }, { kind: 'message', key: 'e', at: at(4), nick: 'cy', isBot: false },
    { kind: 'message', key: 'f', at: at(1500), nick: 'Cy', isBot: false },
  ];
  const rows = rowsOf(entries, at(3));
  assert.deepEqual(rows.map((row) => row.type), ['day', 'moves', 'message', 'new', 'message', 'day', 'message']);
  assert.deepEqual(rows.filter((row) => row.type === 'message').map((row) => row.isFirst), [true, true, true]);
  assert.deepEqual(movesOf(rows[1].entries), { came: ['Cy'], left: [], both: ['Bo'] });
  assert.ok(!rowsOf(entries.slice(4), at(3), entries[4]).some((row) => row.type === 'new'), 'it stands further up');
});

test('the window follows the end, stays where one reads, and is bounded', () => {
  const log = new Log();
  const add = (from, to) => { for (let n = from; n < to; n++) log.add({ kind: 'message', at: n, msgid: `m${n}`, nick: 'A', text: '' }); };
  const view = new Window();
  add(0, 1000);
  assert.deepEqual(view.range(log), [900, 1000]);
  add(1000, 1050);
  assert.deepEqual(view.range(log), [900, 1050]);
  add(1050, 1150);
  assert.deepEqual(view.range(log), [1050, 1150]);
  view.isAtEnd = false;
  add(1150, 1400);
  assert.deepEqual(view.range(log), [1050, 1250]);
  view.older(log);
  assert.deepEqual(view.range(log), [1000, 1200]);
  view.newer(log);
  assert.deepEqual(view.range(log), [1050, 1250]);
  view.around(log, 500);
  assert.deepEqual(view.range(log), [450, 550]);
  view.toEnd();
  assert.deepEqual(view.range(log), [1300, 1400]);
});

test('Tab completes behind two letters, "@" or "/", round and round, and else leaves', () => {
  const tab = new Completion();
  const next = (text, isBack) => tab.next(text, text.length, ['Maria López', 'Max', 'Zoé'], ['me', 'msg'], isBack);
  assert.deepEqual(next('ma'), ['Maria López: ', 13]);
  assert.deepEqual(tab.next('Maria López: ', 13, ['Maria López', 'Max'], [], false), ['Max: ', 5]);
  assert.deepEqual(next('hey @z'), ['hey Zoé ', 8]);
  assert.deepEqual(next('/m'), ['/me ', 4]);
  assert.equal(next('m'), null);
  assert.equal(next(''), null);
});

test('a message without a command, or with none that is known, changes nothing', () => {
  const { session, hear, room } = inRoom();
  hear('NONSENSE #x', ':h 999 Ana', 'MODE', 'PRIVMSG', ':x JOIN', 'BATCH +', ':h 353');
  assert.equal(room.members.size, 2);
  assert.equal(session.link.send([message('PING', ['x'])]) > 0, true);
});
