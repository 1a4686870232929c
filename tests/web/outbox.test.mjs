// The outbox: in order, nothing lost with a connection, nothing said twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MAX_PARTS, Outbox, WINDOW } from '../../lanchat/web/outbox.js';

const item = (id, target) => ({ id, target: target || '#x', text: id });
const states = (box) => box.items.map((one) => `${one.id}:${one.state}`).join(' ');
const all = () => true;
const ids = (items) => items.map((one) => one.id).join(' ');

function filled(...names) {
  const box = new Outbox([]);
  names.forEach((name) => box.put(item(name)));
  return box;
}

test('what is said leaves in order, and goes when it has arrived', () => {
  const box = filled('a', 'b');
  assert.equal(ids(box.due(all)), 'a b');
  assert.equal(ids(box.due(all)), '');
  assert.ok(box.arrived('a'));
  assert.ok(!box.arrived('a'));
  assert.equal(states(box), 'b:sent');
});

test('no more are on their way than a host takes without slowing us down', () => {
  const box = filled(...Array.from({ length: WINDOW + 3 }, (_, n) => `p${n}`));
  assert.equal(box.due(all).length, WINDOW);
  box.arrived('p0');
  assert.equal(ids(box.due(all)), `p${WINDOW}`);
});

test('what waits for one room does not hold up another, but all behind it in the same', () => {
  const box = new Outbox([]);
  ['a', 'b', 'c'].forEach((name) => box.put(item(name, name === 'b' ? '#y' : '#x')));
  assert.equal(ids(box.due((target) => target === '#y')), 'b');
  assert.equal(states(box), 'a:waiting b:sent c:waiting');
});

test('what was on its way when the connection broke waits until the past is known', () => {
  const box = filled('a', 'b');
  box.due(all);
  box.disconnected();
  box.put(item('c'));
  assert.equal(ids(box.due(all)), '', 'c may not overtake');
  box.arrived('a');
  box.settle('#x', true);
  assert.equal(ids(box.due(all)), 'b c');
});

test('where nobody can know whether it arrived, the person decides', () => {
  const box = filled('a');
  box.due(all);
  box.disconnected();
  box.settle('#x', false);
  assert.equal(states(box), 'a:unsure');
  assert.equal(ids(box.due(all)), '');
  box.again('a');
  assert.equal(ids(box.due(all)), 'a');
});

test('an echo that comes late, after it was held for lost, still settles it', () => {
  const box = filled('a');
  box.due(all);
  box.disconnected();
  box.settle('#x', false);
  assert.ok(box.arrived('a'));
  assert.equal(box.items.length, 0);
});

test('what is refused stays until the person sends it again or discards it', () => {
  const box = filled('a', 'b');
  box.due(all);
  assert.ok(box.refused('a', 'no'));
  assert.ok(!box.refused('nope', 'no'));
  assert.equal(states(box), 'a:failed b:sent');
  assert.equal(box.find('a').why, 'no');
  box.discard('a');
  assert.equal(states(box), 'b:sent');
});

test('after a reload, what was on its way is doubtful and what waited waits', () => {
  let kept = [];
  const box = new Outbox([], (items) => (kept = items));
  box.put(item('a'));
  box.due(all);
  box.put(item('b', '#y'));
  assert.equal(states(new Outbox(JSON.parse(JSON.stringify(kept)))), 'a:doubtful b:waiting');
});

test('what another page left is taken over once', () => {
  const box = filled('a');
  box.adopt([{ ...item('b'), state: 'sent' }, { ...item('a'), state: 'waiting' }]);
  assert.equal(states(box), 'a:waiting b:doubtful');
});

test('there is a bound to what waits', () => {
  assert.equal(filled('a').free, MAX_PARTS - 1);
});
