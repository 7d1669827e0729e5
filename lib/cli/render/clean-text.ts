import { stripVTControlCharacters } from 'node:util';

/** Longer texts are cut: nobody reads more in a terminal, and `--json` has the whole. */
const longest = 4_000;

/** Characters that steer a terminal or turn its text around, less line break and tab. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A foreign text as it may stand in a terminal: no escape sequences, no control or bidirectional characters, not endless. */
export function cleanText(text: string): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return stripVTControlCharacters(cut).replace(/\r\n?/g, '\n').replace(steering, '\ufffd').toWellFormed();
}

/** The same on one line. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}

/** JSON whose strings cannot steer a terminal either; it parses to the same value. */
export function safeJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}\n`;
}
