const closing: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/** The beginning of a text, or a bracket. */
const token = /["[\]{}]/g;

/** True if a text that is no JSON begins as one and ends inside of a text, a list or an object. */
export function isCutOff(text: string): boolean {
  if (!/^\ufeff?\s*[[{"]/.test(text)) return false;
  const tokens = new RegExp(token);
  const open: string[] = [];
  for (let found = tokens.exec(text); found !== null; found = tokens.exec(text)) {
    const [character] = found;
    if (character === '"') tokens.lastIndex = endOfText(text, found.index) + 1;
    else if (character in closing) open.push(closing[character] as string);
    // A bracket of another kind, or something behind the value, is a fault in its midst.
    else if (open.pop() !== character || open.length === 0) return false;
    if (tokens.lastIndex > text.length) return true;
  }
  return open.length > 0;
}

/** The index of the closing quotation mark, or the text's length. */
function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

/** True if an odd number of backslashes precedes an index. */
function isEscaped(text: string, index: number): boolean {
  let start = index;
  while (text[start - 1] === '\\') start -= 1;
  return (index - start) % 2 === 1;
}
