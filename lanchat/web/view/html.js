// The libraries of the view, under the names that it uses.

import { Component, createRef, h, render } from '../vendor/preact-11.2.0/preact.js';
import htm from '../vendor/htm-3.1.1/htm.js';

export const html = htm.bind(h);
export { Component, createRef, render };

/** Return the names of those classes whose value is true. */
export function classes(which) {
  return Object.keys(which).filter((name) => which[name]).join(' ');
}
