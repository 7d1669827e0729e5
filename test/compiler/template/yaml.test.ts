import { describe, expect, test } from 'vitest';
import { parse, parseGood } from './parse.ts';

const good = 'name: p\nsteps: [{ name: a, handler: a }]\n';

test.each([
  ['', 'EMPTY_TEMPLATE 1:1'],
  ['# only a comment\n', 'EMPTY_TEMPLATE 1:1'],
  ['---\n', 'EMPTY_TEMPLATE 1:1'],
  ['~\n', 'EMPTY_TEMPLATE 1:1'],
  ['- a\n', 'BAD_TYPE 1:1'],
  ['text\n', 'BAD_TYPE 1:1'],
  ['name: p\n\tsteps: []\n', 'YAML_SYNTAX 2:1'],
  ['name: "p\n', 'YAML_SYNTAX 2:1'],
  ['name: a: b\n', 'YAML_SYNTAX 1:7'],
  ['name: [1, 2\nsteps: x\n', 'YAML_SYNTAX 2:1'],
  ['name: @p\n', 'YAML_SYNTAX 1:7'],
  ['name: *nowhere\n', 'YAML_SYNTAX 1:7'],
  ['name: !ruby/object x\n', 'YAML_SYNTAX 1:7'],
  ['? [a]\n: b\n', 'YAML_SYNTAX 1:3'],
  [': b\n', 'YAML_SYNTAX 1:1'],
  ['a: 1\n<<: text\n', 'YAML_SYNTAX 2:5'],
  [`${good}---\nname: q\n`, 'MULTIPLE_DOCUMENTS 3:1'],
  ['name: &a [*a]\n', 'ALIAS_BOMB 1:11'],
  ['name: 12345678901234567890\n', 'BAD_VALUE 1:7'],
  ['name: .inf\n', 'BAD_VALUE 1:7'],
])('%j is %s', (text, code) => expect(parse(text).codes).toEqual([code]));

test('a key that stands twice is an error with both places', () => {
  expect(parse(`${good}name: q\n`).found).toMatchObject([
    {
      code: 'DUPLICATE_KEY',
      span: { line: 3, column: 1, endColumn: 5 },
      related: { message: 'first given here', span: { line: 1 } },
    },
  ]);
});

test('anchors, aliases and merge keys are read, and what is written beside a merge key wins', () => {
  const template = parseGood(`name: p
steps:
  - &base { name: a, handler: x, timeout: 5s, retry: &retry { max_attempts: 2, jitter: none } }
  - { <<: *base, name: b }
  - { name: c, handler: y, retry: *retry }
  - { <<: [*base, { memory_mb: 512 }], name: d, retry: { <<: *retry, max_attempts: 5 } }
`);
  expect(template.steps.map((s) => [s.name, s.timeoutMs, s.memoryMb, s.retry.maxAttempts, s.retry.jitter])).toEqual([
    ['a', 5000, null, 2, 'none'],
    ['b', 5000, null, 2, 'none'],
    ['c', null, null, 2, 'none'],
    ['d', 5000, 512, 5, 'none'],
  ]);
});

test('a mistake in an anchored value is reported once, where it is written', () => {
  expect(
    parse(
      'name: p\nsteps:\n  - { name: a, handler: a, retry: &r { max_attempts: -1 } }\n  - { name: b, handler: b, retry: *r }\n',
    ).codes,
  ).toEqual(['BAD_VALUE 3:54']);
});

test('aliases that would explode are refused at once', () => {
  const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 26; i++) {
    const [name, before] = [String.fromCharCode(97 + i), String.fromCharCode(96 + i)];
    lines.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`);
  }
  const before = process.cpuUsage();
  expect(parse(lines.join('\n')).found.map((d) => d.code)).toEqual(['ALIAS_BOMB']);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
});

test.each([
  ['lists', '['.repeat(50_000)],
  ['mappings', `a: ${'{a: '.repeat(20_000)}`],
  ['block lists', '- '.repeat(20_000)],
  ['closed lists', `name: ${'['.repeat(150)}${']'.repeat(150)}`],
])('%s nested without end are refused', (_, text) =>
  expect(parse(text).found.map((d) => d.code)).toEqual(['TOO_DEEP']),
);

test('Windows line ends and a byte order mark change nothing', () => {
  const text = 'name: p\nsteps:\n  - name: a\n    handler: a\n    timeout: 1500ms\n';
  expect(parse(text.replaceAll('\n', '\r\n')).codes).toEqual(['VALUE_ROUNDED 5:14']);
  expect(parseGood(`\ufeff${good}`).name).toBe('p');
});

test('a key named like a member of every object is a key like any other, but for __proto__', () => {
  const { template, codes } = parse(`${good}metadata: { constructor: 1, valueOf: 2 }\ntoString: 2\n`);
  expect(codes).toEqual(['UNKNOWN_KEY 4:1']);
  expect(template?.metadata).toEqual({ constructor: 1, valueOf: 2 });
  expect(parse(`${good}metadata: { __proto__: { polluted: true } }\n`).codes).toEqual(['BAD_NAME 3:13']);
  expect(({} as { polluted?: true }).polluted).toBeUndefined();
});

describe('what a value would silently become is refused', () => {
  const value = (text: string) => parse(`${good}metadata: { a: ${text} }\n`);

  test.each(['99999999999999.9901', '9007199254740993', '0.1000000000000000055', '1e400', '1e-400', '.inf', '.nan'])(
    'the number %s',
    (text) => expect(value(text).codes).toEqual(['BAD_VALUE 3:16']),
  );

  test.each([
    ['0.1', 0.1],
    ['19.99', 19.99],
    ['.5', 0.5],
    ['1.50', 1.5],
    ['-1.5e-7', -1.5e-7],
    ['9007199254740991', 9007199254740991],
    ['-0', 0],
    ['0.0', 0],
    ['0x1F', 31],
    ['1e3', 1000],
  ])('not %s', (text, number) => expect(value(text).template?.metadata).toEqual({ a: number }));

  test('half a surrogate pair, in a value and in a key', () => {
    expect(value('"\\ud800"').codes).toEqual(['BAD_VALUE 3:16']);
    expect(value('"ab\\udc00c"').found[0]?.message).toContain('character 3 of this text');
    expect(parse(`${good}metadata: { "\\ud800": 1 }\n`).codes).toEqual(['BAD_VALUE 3:13']);
    expect(value('"\\ud83d\\ude00"').template?.metadata).toEqual({ a: '\u{1f600}' });
  });

  test.each(['2026-02-30', '"2026-02-29"', '2026-04-31T00:00:00Z', '1900-02-29'])('the day %s', (text) =>
    expect(value(text).codes).toEqual(['BAD_VALUE 3:16']),
  );

  test.each(['2026-02-28', '2024-02-29', '2000-02-29T00:00:00Z', '1234-56-78', '"on 2026-02-30"'])('not %s', (text) =>
    expect(value(text).codes).toEqual([]),
  );
});

test('a template is YAML 1.2; another version would read yes and 010 otherwise', () => {
  expect(parse(`%YAML 1.1\n---\n${good}`).codes).toEqual(['YAML_SYNTAX 1:1']);
  expect(parse(`# first\n%YAML 1.3\n---\n${good}`).codes[0]).toMatch(/^YAML_SYNTAX/);
  expect(parse(`%YAML 1.2\n---\n${good}`).codes).toEqual([]);
  expect(parse(`${good}description: |\n  %YAML 1.1\n`).codes).toEqual([]);
});

test('everything wrong is reported at once, in the order of the text', () => {
  const { codes, template } = parse(
    'nmae: x\nname: p q\nsteps:\n  - { name: a, handler: a, timeout: soon }\n  - { name: b, dependencies: [a] }\nversion: [1]\n',
  );
  expect(codes).toEqual(['UNKNOWN_KEY 1:1', 'BAD_NAME 2:7', 'BAD_DURATION 4:37', 'MISSING_KEY 5:13', 'BAD_TYPE 6:10']);
  expect(template?.steps.map((s) => s.name)).toEqual(['a', 'b']);
});

test('what is missing is named', () => {
  expect(parse('version: 1').found.map((d) => d.message.slice(0, 33))).toEqual([
    'a pipeline needs the key "name": ',
    'a pipeline needs the key "steps":',
  ]);
  expect(parse('name:\nsteps: [{ handler: a }]').codes).toEqual(['MISSING_KEY 1:1', 'MISSING_KEY 2:11']);
});
