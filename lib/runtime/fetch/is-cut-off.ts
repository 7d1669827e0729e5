const closing: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/** Whether a text that is no JSON began as one, and ends inside of a text, a list or an object. */
export function isCutOff(text: string): boolean {
  if (!/^\ufeff?\s*[[{"]/.test(text)) return false;
  const open: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === '"') {
      at = endOfText(text, at);
      if (at === text.length) return true;
    } else if (character in closing) open.push(closing[character] as string);
    else if (character === '}' || character === ']') {
      if (open.pop() !== character || open.length === 0) return false;
    }
  }
  return open.length > 0;
}

/** The index of the closing quotation mark, or the text's length. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
