/** An array as PostgreSQL writes it. */
export type ArrayText = readonly (string | null | ArrayText)[];

/**
 * Reads an array literal: `{1,NULL,"a \"b\""}`, or `{{1,2},{3,4}}`. Returns null if its indexes do not begin with 1 (`[0:1]={1,2}`), since a list cannot hold
 * them. Semicolons divide boxes; commas divide all other elements.
 */
export function readArrayLiteral(text: string, delimiter = ','): ArrayText | null {
  if (!text.startsWith('{')) return null;
  let at = 1;
  const list = (): ArrayText => {
    const items: (string | null | ArrayText)[] = [];
    while (text[at] !== '}') {
      if (at >= text.length) throw new Error('an array literal does not end');
      if (text[at] === delimiter) at += 1;
      items.push(item());
    }
    at += 1;
    return items;
  };
  const item = (): string | null | ArrayText => {
    if (text[at] === '{') {
      at += 1;
      return list();
    }
    if (text[at] === '"') return quoted();
    const start = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== '}') at += 1;
    const plain = text.slice(start, at);
    return plain === 'NULL' ? null : plain;
  };
  const quoted = (): string => {
    let value = '';
    for (at += 1; text[at] !== '"'; at += 1) {
      if (text[at] === '\\') at += 1;
      if (at >= text.length) throw new Error('a quoted element of an array literal does not end');
      value += text[at];
    }
    at += 1;
    return value;
  };
  return list();
}
