/** One replaced piece of a text: `text` stands for the characters from `at` to before `end`. */
export interface Edit {
  readonly at: number;
  readonly end: number;
  readonly text: string;
}

/** The text with its edits done. Edits do not overlap. */
export function editedText(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.at - a.at)
    .reduce((all, { at, end, text: by }) => all.slice(0, at) + by + all.slice(end), text);
}

/** Returns the index in the text before its edits for one in the text after them; an index inside of a replacement becomes the beginning of what it replaced. */
export function indexBeforeEdits(index: number, edits: readonly Edit[]): number {
  let shift = 0;
  for (const { at, end, text } of edits.toSorted((a, b) => a.at - b.at)) {
    if (index < at + shift) break;
    if (index < at + shift + text.length) return at;
    shift += text.length - (end - at);
  }
  return index - shift;
}
