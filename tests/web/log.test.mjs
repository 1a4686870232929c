// The log: in order, nothing twice, and gaps where something is missing until they are filled.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Log, MAX_ENTRIES } from '../../lanchat/web/log.js';

const entry = (at) => ({ kind: 'message', at, msgid: `m${at}`, nick: 'Ana', text: String(at) });
const page = (from, to, joins) => ({ entries: range(from, to).map(entry), joinsBefore: false, joinsAfter: false, ...joins });
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const shape = (log) => log.entries.map((one) => (one.kind === 'gap' ? '–' : one.at)).join(' ');

test('entries stand in the order of their time, and none twice', () => {
  const log = new Log();
  for (const at of [3, 1, 2, 3, 1]) log.add(entry(at));
  assert.equal(shape(log), '1 2 3');
});

test('what the program says without an id is kept beside them', () => {
  const log = new Log();
  log.add(entry(1));
  log.add({ kind: 'info', at: 1, nick: '', text: 'one' });
  log.add({ kind: 'info', at: 1, nick: '', text: 'one' });
  assert.equal(log.length, 3);
  assert.equal(new Set(log.entries.map((one) => one.key)).size, 3);
});

test('a page that does not reach what is here leaves a gap', () => {
  const log = new Log();
  log.addPage(page(1, 3, { joinsAfter: true }));
  log.addPage(page(8, 9, { joinsAfter: true }));
  assert.equal(shape(log), '1 2 3 – 8 9');
});

test('a page that overlaps what is here leaves none', () => {
  const log = new Log();
  log.addPage(page(1, 5, { joinsAfter: true }));
  log.addPage(page(4, 9, { joinsAfter: true }));
  assert.equal(shape(log), '1 2 3 4 5 6 7 8 9');
});

test('a gap moves while it is filled from its beginning, and goes', () => {
  const log = new Log();
  log.addPage(page(1, 2, { joinsAfter: true }));
  log.addPage(page(9, 9, { joinsAfter: true }));
  log.addPage(page(3, 4, { joinsBefore: true }));
  assert.equal(shape(log), '1 2 3 4 – 9');
  log.addPage(page(5, 8, { joinsBefore: true, joinsAfter: true }));
  assert.equal(shape(log), '1 2 3 4 5 6 7 8 9');
});

test('what is around a message in a gap cuts it in two, and pages from there fill it', () => {
  const log = new Log();
  log.addPage(page(1, 2, { joinsAfter: true }));
  log.addPage(page(20, 21, { joinsAfter: true }));
  log.addPage(page(10, 11));
  assert.equal(shape(log), '1 2 – 10 11 – 20 21');
  log.addPage(page(8, 10, {}));
  assert.equal(shape(log), '1 2 – 8 9 10 11 – 20 21');
  log.addPage(page(3, 7, { joinsBefore: true, joinsAfter: true }));
  log.addPage(page(12, 19, { joinsBefore: true, joinsAfter: true }));
  assert.equal(shape(log), range(1, 21).join(' '));
});

test('what is around a message before all others stands apart', () => {
  const log = new Log();
  log.addPage(page(10, 12, { joinsAfter: true }));
  log.addPage(page(3, 4));
  assert.equal(shape(log), '3 4 – 10 11 12');
});

test('messages that came meanwhile belong to what is told of the end', () => {
  const log = new Log();
  log.addPage(page(1, 2, { joinsAfter: true }));
  log.add(entry(30));
  log.addPage(page(3, 5, { joinsBefore: true, joinsAfter: false }));
  assert.equal(shape(log), '1 2 3 4 5 – 30');
  log.addPage(page(27, 29, { joinsAfter: true }));
  assert.equal(shape(log), '1 2 3 4 5 – 27 28 29 30');
});

test('any order of pages ends as the whole, without a gap', () => {
  let seed = 7;
  const chance = (below) => (seed = (seed * 16807) % 2147483647) % below;
  for (let round = 0; round < 300; round++) {
    const log = new Log();
    const missing = () => log.gaps()[chance(log.gaps().length)];
    log.addPage(page(90, 100, { joinsAfter: true }));
    for (let step = 0; step < 6; step++) {
      const from = 1 + chance(95);
      log.addPage(page(from, Math.min(100, from + chance(6)), { joinsAfter: false }));
    }
    for (let steps = 0; log.gaps().length && steps < 200; steps++) {
      const gap = missing();
      const { after, before } = gap;
      const [low, high] = [Number(after.slice(1)), Number(before.slice(1))];
      if (high === low + 1) {
        log.remove(gap); // the host tells that nothing lies there
        continue;
      }
      const to = Math.min(high - 1, low + 1 + chance(8));
      log.addPage({ entries: range(low + 1, to).map(entry), joinsBefore: true, joinsAfter: to === high - 1 });
    }
    const first = log.first().at;
    assert.equal(shape(log), range(first, 100).join(' '), `round ${round}`);
  }
});

test('a changed entry is another object, an unchanged one the same', () => {
  const log = new Log();
  const [one, other] = [log.add(entry(1)), log.add(entry(2))];
  log.change(one, { isDeleted: true });
  assert.notEqual(log.get('m1'), one);
  assert.ok(log.entries[0].isDeleted);
  assert.equal(log.get('m2'), other);
});

test('the oldest are dropped beyond the bound, and can be asked for again', () => {
  const log = new Log();
  log.isWhole = true;
  for (let at = 1; at <= MAX_ENTRIES + 1; at++) log.add(entry(at));
  log.trim();
  assert.ok(log.length <= MAX_ENTRIES);
  assert.equal(log.isWhole, false);
  assert.equal(log.get('m1'), undefined);
});
