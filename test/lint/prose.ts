import { parseSync } from 'oxc-parser';

/** A piece of text that people read, with the line on which it begins. */
export interface Passage {
  readonly kind: 'comment' | 'string' | 'docs';
  readonly line: number;
  readonly text: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/** Comments and strings of a TypeScript file. Strings without a space are names, and SQL, HTML and style sheets are code: both are no prose. */
export function proseOfTypeScript(file: string, text: string): Passage[] {
  const { comments, program } = parseSync(file, text);
  const found: Passage[] = [];
  const lineOf = lineCounter(text);
  for (const { value, start } of comments) {
    const plain = value.replace(/^\*/, '').replace(/\n\s*\* ?/g, '\n');
    if (!/^\s*biome-ignore|^\s*@ts-/.test(plain)) {
      found.push({ kind: 'comment', line: lineOf(start), text: withoutCode(plain) });
    }
  }
  eachString(program as unknown as Node, (value, start) => {
    if (/\p{L}.* .*\p{L}/su.test(value) && !isCode(value))
      found.push({ kind: 'string', line: lineOf(start), text: withoutCode(value) });
  });
  return found.sort((a, b) => a.line - b.line);
}

/** Paragraphs, list items and cells of a Markdown page, without its code. */
export function proseOfMarkdown(text: string): Passage[] {
  let inCode = false;
  return text.split('\n').flatMap((content, index): Passage[] => {
    if (/^\s*```/.test(content)) inCode = !inCode;
    if (inCode || /^\s*```/.test(content) || content.startsWith('    ')) return [];
    const cells = content.startsWith('|') ? content.split('|') : [content.replace(/^\s*([-*]|\d+\.|#+|>)\s+/, '')];
    return cells
      .map((cell) => withoutCode(cell.replace(/\]\([^)]*\)/g, ']')).trim())
      .filter((cell) => /\p{L}/u.test(cell))
      .map((cell) => ({ kind: 'docs', line: index + 1, text: cell }));
  });
}

/** Comments of a YAML or SQL file. */
export function proseOfComments(text: string): Passage[] {
  return text.split('\n').flatMap((content, index): Passage[] => {
    const [, comment] = /^\s*(?:#|--)\s(.*)$/.exec(content) ?? [];
    return comment ? [{ kind: 'comment', line: index + 1, text: withoutCode(comment) }] : [];
  });
}

const isCode = (text: string): boolean =>
  /^\s*(?:<!doctype|:root\{|(?:CREATE|ALTER TABLE|SELECT|INSERT|UPDATE|DELETE|COPY|FROM \(SELECT|\w+ AS \()\s|WITH\b.*\b(?:SELECT|AS \())/s.test(
    text,
  );

const withoutCode = (text: string): string => text.replace(/`[^`\n]*`/g, '`code`');

const lineCounter = (text: string) => {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset: number): number => {
    const after = starts.findIndex((start) => start > offset);
    return after === -1 ? starts.length : after;
  };
};

function eachString(node: Node, report: (value: string, start: number) => void): void {
  if (node.type === 'ImportDeclaration') return;
  if (node.type === 'Literal' && typeof node.value === 'string') report(node.value, node.start);
  if (node.type === 'TemplateLiteral') {
    const { quasis } = node as unknown as { quasis: readonly { readonly value: { readonly cooked: string | null } }[] };
    report(quasis.map(({ value }) => value.cooked ?? '').join('…'), node.start);
  }
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child !== null && typeof child === 'object' && 'type' in child) eachString(child as Node, report);
    }
  }
}
