import type { Passage } from './prose.ts';

interface Rule {
  readonly avoid: string;
  readonly write: string;
  readonly pattern: RegExp;
}

export interface EnglishRules {
  readonly phrases: readonly Rule[];
  readonly beginnings: readonly Rule[];
}

export interface Finding {
  readonly line: number;
  readonly message: string;
}

/** The most words in a sentence; longer ones are reported. The style asks for 20. */
const mostWords = 45;

/** Reads the rules from the tables of docs/contributing/plain-english.md. */
export function readEnglishRules(page: string): EnglishRules {
  const phrases = rowsUnder(page, 'Phrases to avoid').map((row) => ({
    ...row,
    pattern: new RegExp(`(?<![\\p{L}-])${source(row.avoid)}`, 'iu'),
  }));
  const beginnings = rowsUnder(page, 'Beginnings to avoid').map((row) => ({
    ...row,
    pattern: new RegExp(`(?:^|[.!:;] )${source(row.avoid)}`, 'u'),
  }));
  return { phrases, beginnings };
}

const source = (avoid: string): string => {
  const words = avoid.replace('…', '').replace(/ /g, '\\s+');
  return avoid.endsWith('…') ? words : `${words}(?![\\p{L}'-])`;
};

function rowsUnder(page: string, title: string): { readonly avoid: string; readonly write: string }[] {
  const [, after = ''] = page.split(`\n## ${title}\n`);
  const [section = ''] = after.split('\n## ');
  return [...section.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, avoid = '', write = '']) => ({ avoid, write }));
}

/** Every rule that a passage breaks. */
export function checkEnglish({ kind, line, text }: Passage, { phrases, beginnings }: EnglishRules): Finding[] {
  const flat = text.replace(/\s+/g, ' ').trim();
  const broken = phrases.filter(({ pattern }) => pattern.test(flat));
  if (kind !== 'docs') broken.push(...beginnings.filter(({ pattern }) => pattern.test(flat) && !flat.includes('?')));
  const long = flat.split(/(?<=[.!?:;]) /).filter((sentence) => sentence.split(' ').length > mostWords);
  return [
    ...broken.map(({ avoid, write }) => ({ line, message: `"${avoid}": write ${write}` })),
    ...long.map((sentence) => ({
      line,
      message: `a sentence of ${sentence.split(' ').length} words: "${sentence.slice(0, 60)}…"; make several of it`,
    })),
  ];
}
