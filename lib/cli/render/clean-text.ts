import { stripVTControlCharacters } from 'node:util';
import { rawJson } from '../../exact/exact-number.ts';

/** Characters. The terminal shows no more of a text; `--json` has the whole. */
const longest = 4_000;

/** Characters that control a terminal or change the direction of text, except line break and tab. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern removes control characters
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Makes a foreign text safe for a terminal: removes escape sequences, control and bidirectional characters, and limits its length. */
export function cleanText(text: string): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return stripVTControlCharacters(cut).replace(/\r\n?/g, '\n').replace(steering, '\ufffd').toWellFormed();
}

/** The same on one line. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}

/** JSON whose strings cannot control a terminal. It parses to the same value. */
export function safeJson(value: unknown): string {
  return `${JSON.stringify(value, withMinusZero, 2).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}\n`;
}

/** JSON.stringify writes -0 as 0. */
const withMinusZero = (_key: string, value: unknown): unknown => (Object.is(value, -0) ? rawJson('-0.0') : value);
