/**
 * Characters that change how the text around them shows: directions of writing (an error message can otherwise read backwards in an alert), and controls. The
 * zero-width joiner stays, since emoji and several scripts need it.
 */
const directions = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must go.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufeff\ufff9-\ufffb]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: form feeds and vertical tabs end lines too.
const lineBreaks = /\r\n|[\r\u0085\u2028\u2029\u000b\u000c]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colour codes begin with ESC.
const colours = /\u001b\[[0-9;]*[A-Za-z]/gu;

/** Returns text of any origin so that every receiver can show it: whole characters, one kind of line break, no controls, no change of direction. */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(colours, '')
    .replace(lineBreaks, '\n')
    .replace(directions, '')
    .replace(controls, '');
}

/** Returns the same on one line. */
export function plainLine(text: string): string {
  return plainText(text).replace(/\s+/gu, ' ').trim();
}
