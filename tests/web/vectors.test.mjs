// The page reads, writes, cleans and compares as Python does: each case comes from there (tests/web/vectors.py).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { cutToBytes, format, parse } from '../../lanchat/web/irc.js';
import { calls } from '../../lanchat/web/mentions.js';
import { channelFor, colourOf, fold, nickFrom, shown, usernameFrom, variant } from '../../lanchat/web/names.js';
import { Scram, loadHashes, pieces, plainResponse, salted, secretOf } from '../../lanchat/web/proof.js';
import { split } from '../../lanchat/web/split.js';
import { clean } from '../../lanchat/web/text.js';

const vectors = JSON.parse(readFileSync(process.env.LANCHAT_VECTORS, 'utf-8'));

function agree(name, ours, key) {
  test(name, () => {
    assert.ok(vectors[key].length > 0);
    for (const one of vectors[key]) {
      const theirs = one[one.length - 1];
      assert.deepEqual(ours(...one.slice(0, -1)), theirs, JSON.stringify(one));
    }
  });
}

agree('lines are read as Python reads them', (line) => parse(line), 'parse');
agree('lines are written so that Python reads the same message', (message) => format(message), 'format');
agree('texts are cleaned alike', clean, 'clean');
agree('names are folded alike', fold, 'fold');
agree('names are shown alike', shown, 'shown');
agree('what people call themselves becomes the same nick', nickFrom, 'nick_from');
agree('a taken name is varied alike', (name) => variant(name, 12), 'variant');
agree('a room has the same channel', channelFor, 'channel_for');
agree('user names are made alike', usernameFrom, 'username');
agree('a name has the same colour', (name) => colourOf(name, 7), 'colour');
agree('texts are cut alike', cutToBytes, 'cut');
agree('texts are split alike', split, 'split');
/** Where a text calls somebody, counted as Python counts: a character outside the first plane is one. */
function counted(nick, text) {
  return calls(nick, text).map((span) => span.map((at) => [...text.slice(0, at)].length));
}

agree('the same texts call somebody by name', counted, 'calls');

test('every letter that has cases is folded alike', () => {
  for (const [char, folded] of Object.entries(vectors.casefold)) assert.equal(fold(char), folded, `${char} ${folded}`);
});

test('the same characters are harmless, all over Unicode', () => {
  const kept = new Set(vectors.kept);
  assert.ok(kept.size > 100000);
  for (const char of kept) assert.equal(clean(char), char, char.codePointAt(0).toString(16));
});

test('the same characters are harmful, all over Unicode', () => {
  const kept = new Set(vectors.kept);
  for (let code = 0x20; code < 0xe0200; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const char = String.fromCodePoint(code);
    if (!kept.has(char) && !/\p{Cn}/u.test(char) && !vectors.newer.includes(char)) assert.notEqual(clean(char), char, code.toString(16));
  }
});

test('SCRAM proves and checks what Python does', async () => {
  const told = vectors.scram;
  await loadHashes();
  const side = new Scram(told.name, told.nonce);
  assert.equal(new TextDecoder().decode(side.first), told.first);
  const asked = side.challenged(told.challenge);
  assert.equal(asked.iterations, 4096);
  const last = side.prove(await salted(told.secret, asked));
  assert.equal(new TextDecoder().decode(last), told.last);
  assert.ok(side.isSigned(told.signature));
  assert.ok(!side.isSigned(told.signature.replace('v=', 'v=A')));
});

test('SCRAM goes on with no challenge that is not for it, or asks too little or too much', () => {
  const side = () => new Scram('ana', 'nonce');
  for (const text of ['', 'r=other,s=c2FsdA==,i=4096', 'r=nonce,s=c2FsdA==,i=4096', 'r=nonceX,s=!!,i=4096',
    'r=nonceX,s=c2FsdA==,i=4095', 'r=nonceX,s=c2FsdA==,i=1000001', 'e=other-error']) {
    assert.equal(side().challenged(text), null, text);
  }
});

test('a long response of PLAIN goes out in pieces of 400', () => {
  assert.deepEqual(pieces(plainResponse('Zoé', 'x'.repeat(400))), vectors.scram.plain);
});

test('each further name has a secret of its own', async () => {
  await loadHashes();
  for (const [name, secret] of vectors.secrets) {
    if (fold(name) !== 'ana') assert.equal(secretOf('abc', fold(name)), secret, name);
  }
});
