// The link: a connection that is open is not believed, pauses double, and whoever was asleep asks first.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Link } from '../../lanchat/web/link.js';
import { Person } from '../../lanchat/web/handshake.js';

let sockets = [];
let now = 0;

class FakeSocket {
  constructor() {
    Object.assign(this, { readyState: 1, lines: [], isClosed: false });
    sockets.push(this);
  }

  send(line) {
    this.lines.push(line);
  }

  close() {
    this.isClosed = true;
  }
}

beforeEach(() => {
  sockets = [];
  now = 1000000;
  globalThis.WebSocket = FakeSocket;
  Date.now = () => now;
});

const soon = () => new Promise((done) => setImmediate(done));

function started(person) {
  const told = [];
  const link = new Link('ws://host/', {
    person: async () => new Person(Object.assign({ nick: 'Ana' }, person)),
    known: (name) => told.push(['known', name]),
    welcomed: (nick, remark) => told.push(['welcomed', nick, remark]),
    hear: (heard) => told.push(['heard', heard.command]),
    status: (condition) => told.push([condition.kind, condition.seconds]),
    refused: (refusal) => told.push(['refused', refusal.kind]),
    tick() {},
  });
  link.start();
  clearInterval(link.timer);
  return { link, told };
}

const last = () => sockets[sockets.length - 1];
const says = async (...lines) => {
  for (const line of lines) last().onmessage({ data: line });
  await soon();
};

async function connected(person) {
  const it = started(person);
  await soon();
  last().onopen();
  await says(':h CAP * LS :batch', ':h CAP Ana ACK :batch', ':h 001 Ana :Welcome');
  return it;
}

/** Let time pass, second by second, as an awake page does. */
async function pass(link, seconds) {
  for (let second = 0; second < seconds; second++) {
    now += 1000;
    link.tick();
  }
  await soon();
}

test('capabilities, name and welcome', async () => {
  const { link, told } = await connected();
  assert.deepEqual(last().lines, ['CAP LS 302', 'NICK Ana', 'USER Ana 0 * Ana', 'CAP REQ batch', 'CAP END']);
  assert.ok(link.isUp);
  assert.deepEqual(told.filter(([what]) => what === 'welcomed'), [['welcomed', 'Ana', '']]);
});

test('a name that is taken is varied, and tried again when its holder leaves', async () => {
  const { link, told } = started();
  await soon();
  last().onopen();
  await says(':h CAP * LS :', ':h 433 * Ana :taken', ':h 001 Ana2 :Welcome', ':Ana!a@h QUIT :bye');
  assert.deepEqual(told.filter(([what]) => what === 'welcomed'), [['welcomed', 'Ana2', 'Ana is taken; you are Ana2 here.']]);
  assert.equal(last().lines.filter((line) => line === 'NICK Ana').length, 2);
  await says(':h 433 Ana2 Ana :taken');
  assert.ok(!told.some(([what, command]) => what === 'heard' && command === '433'), 'nobody asked for it');
  await says(':Ana2!a@h NICK Ana');
  assert.equal(link.nick, 'Ana');
});

test('a silent host is asked, and replaced where it does not answer', async () => {
  const { link, told } = await connected();
  await pass(link, 24);
  assert.ok(!last().lines.includes('PING page'));
  await pass(link, 3);
  assert.ok(last().lines.includes('PING page'));
  await pass(link, 10);
  assert.equal(sockets.length, 2);
  assert.ok(sockets[0].isClosed);
  assert.ok(told.some(([what]) => what === 'lost'));
});

test('one that answers is kept', async () => {
  const { link } = await connected();
  for (let round = 0; round < 5; round++) {
    await pass(link, 27);
    await says(':h PONG h page');
  }
  assert.equal(sockets.length, 1);
});

test('who was asleep for ten minutes asks at once, and has three seconds of patience', async () => {
  const { link } = await connected();
  now += 600000;
  link.tick();
  assert.ok(last().lines.includes('PING page'));
  await pass(link, 4);
  assert.equal(sockets.length, 2);
});

test('pauses double up to half a minute, and end at once where something may have changed', async () => {
  const { link, told } = started();
  await soon();
  const pauses = [];
  for (let round = 0; round < 8; round++) {
    last().onclose();
    pauses.push((link.retryAt - now) / 1000);
    now = link.retryAt;
    link.tick();
    await soon();
  }
  pauses.forEach((pause, index) => {
    const middle = Math.min(30, 2 ** index);
    assert.ok(pause >= middle * 0.75 && pause <= middle * 1.25, `${index}: ${pause}`);
  });
  last().onclose();
  const before = sockets.length;
  link.doubt();
  await soon();
  assert.equal(sockets.length, before + 1);
  assert.ok(told.some(([what]) => what === 'waiting'));
});

test('a host that lets a connection open and says nothing is given up after five seconds', async () => {
  const { link } = started();
  await soon();
  last().onopen();
  await pass(link, 5);
  assert.ok(!last().isClosed);
  await pass(link, 1);
  assert.ok(sockets[0].isClosed);
});

test('a wrong password, a ban and a bad name end it; a full host does not', async () => {
  for (const [line, kind] of [[':h 464 Ana :no', 'password'], [':h 465 Ana :out', 'banned'], [':h 432 * Ana :bad', 'name']]) {
    const { link, told } = started();
    await soon();
    last().onopen();
    await says(line);
    assert.deepEqual(told.filter(([what]) => what === 'refused'), [['refused', kind]]);
    assert.ok(link.isOver && last().isClosed);
  }
  const { link, told } = started();
  await soon();
  last().onopen();
  await says('ERROR :The room is full');
  last().onclose();
  assert.ok(!link.isOver && link.retryAt > now);
  assert.ok(!told.some(([what]) => what === 'refused'));
});

test('a host that has to prove itself is told neither password nor secret before it has', async () => {
  const { told } = started({ password: 'sesame', secret: 'topsecret', known: ['Ana'] });
  await soon();
  while (!sockets.length) await soon();
  last().onopen();
  await says(':h CAP * LS :sasl=PLAIN', ':h CAP Ana ACK :sasl');
  assert.ok(!last().lines.join('\n').includes('sesame'));
  assert.ok(!last().lines.some((line) => line.startsWith('AUTHENTICATE') || line.startsWith('PASS')));
  assert.deepEqual(told.filter(([what]) => what === 'refused'), [['refused', 'host']]);
});

test('a forged signature is not taken', async () => {
  const { told } = started({ password: 'sesame', secret: 'topsecret', known: ['Ana'] });
  await soon();
  while (!sockets.length) await soon();
  last().onopen();
  await says(':h CAP * LS :sasl=SCRAM-SHA-256', ':h CAP Ana ACK :sasl', 'AUTHENTICATE +');
  const first = atob(last().lines[last().lines.length - 1].split(' ')[1]);
  const nonce = /r=(.*)$/.exec(first)[1];
  await says(`AUTHENTICATE ${btoa(`r=${nonce}HOST,s=c2FsdA==,i=4096`)}`);
  for (let turn = 0; turn < 2000 && last().lines.filter((line) => line.startsWith('AUTHENTICATE')).length < 3; turn++) await soon();
  await says(`AUTHENTICATE ${btoa('v=AAAA')}`);
  for (let turn = 0; turn < 50; turn++) await soon();
  assert.deepEqual(told.filter(([what]) => what === 'refused'), [['refused', 'host']]);
  assert.ok(!last().lines.join('\n').includes('sesame'));
});
