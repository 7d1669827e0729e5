import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkEnglish, readEnglishRules } from './english-rules.ts';
import { type Passage, proseOfComments, proseOfMarkdown, proseOfTypeScript } from './prose.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/contributing/plain-english.md'), 'utf8');
const rules = readEnglishRules(page);
const reported = (text: string, kind: Passage['kind'] = 'comment') =>
  checkEnglish({ kind, line: 1, text }, rules).map(({ message }) => message.split(':')[0]);

describe('the rules of docs/contributing/plain-english.md', () => {
  test('are read from its tables', () => {
    expect(rules.phrases.length).toBeGreaterThanOrEqual(30);
    expect(rules.beginnings.length).toBeGreaterThanOrEqual(5);
  });

  test('reject no passage in the column "after"', () => {
    const [, section = ''] = page.split('\n## Before and after\n');
    const rows = [...section.matchAll(/^\| (.+) \| (.+) \|$/gm)].slice(2);
    expect(rows.length).toBeGreaterThanOrEqual(5);
    for (const [, , after = ''] of rows) expect(reported(after), after).toEqual([]);
  });

  test.each([
    ['Nobody reads it.', ['"nobody"']],
    ['A robustness check', ['"robust…"']],
    ['busybody and nobody-else', []],
    ['It takes\n stock', ['"takes stock"']],
    ['What the step wrote.', ['"What"']],
    ['Reads it. What remains is kept.', ['"What"']],
    ['What does it write?', []],
    ['It says what the step wrote; whatsoever', []],
    [`${'word '.repeat(46)}end.`, ['a sentence of 47 words']],
    [`${'word '.repeat(30)}end. ${'word '.repeat(30)}end.`, []],
  ])('%j breaks %j', (text, expected) => expect(reported(text)).toEqual(expected));

  test('on beginnings hold in comments and messages, not in docs', () => {
    expect(reported('What the step wrote.', 'string')).toEqual(['"What"']);
    expect(reported('What the step wrote.', 'docs')).toEqual([]);
  });
});

describe('prose', () => {
  test('of TypeScript is its comments and the strings that have words', () => {
    const source = [
      "import { a } from 'two words';",
      '/** Says `nobody`.',
      ' * More. */',
      "const b = 'two words'; // beside",
      'const c = `is ${b} told`;',
      "const d = 'name';",
      "const e = 'SELECT a nobody b FROM c';",
      "const f = 'Select one of two';",
      '// biome-ignore lint/x: because',
      '',
    ].join('\n');
    expect(proseOfTypeScript('x.ts', source)).toEqual([
      { kind: 'comment', line: 2, text: ' Says `code`.\nMore. ' },
      { kind: 'comment', line: 4, text: ' beside' },
      { kind: 'string', line: 4, text: 'two words' },
      { kind: 'string', line: 5, text: 'is … told' },
      { kind: 'string', line: 8, text: 'Select one of two' },
    ]);
  });

  test('of Markdown is everything outside of code', () => {
    const source = '# Title\n\n- one [link](nobody.md) `nobody`\n\n```sh\nnobody\n```\n\n    nobody\n\n| cell | 1 |\n';
    expect(proseOfMarkdown(source)).toEqual([
      { kind: 'docs', line: 1, text: 'Title' },
      { kind: 'docs', line: 3, text: 'one [link] `code`' },
      { kind: 'docs', line: 11, text: 'cell' },
    ]);
  });

  test('of YAML and SQL is their comments', () => {
    expect(proseOfComments('# one\nkey: value # two\n-- three\nSELECT 1\n').map(({ text }) => text)).toEqual([
      'one',
      'three',
    ]);
  });
});
