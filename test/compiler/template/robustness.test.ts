import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diagnosticCodes } from '../../../lib/diagnostics/diagnostic-codes.ts';
import { renderDiagnostics } from '../../../lib/diagnostics/render-diagnostics.ts';
import { sized } from '../../support/sized.ts';
import { parseAndCheck } from './parse.ts';

const whole = `name: p
namespace_name: team
version: 1.0.0
metadata: &m { a: [1, 2] }
input_schema: { type: object, properties: { d: { type: string, format: date, default: x } } }
defaults: { retry: { max_attempts: 2, backoff: exponential }, timeout: 5m }
schedule: { cron: "0 1 * * MON-FRI", timezone: Europe/Berlin, input: { d: "{% $now() %}" } }
lifecycle: { max_duration_minutes: 90 }
local: { setup: lib/x.ts }
steps:
  - name: extract
    handler: { callable: A::ExtractHandler, method: go, initialization: *m }
    secrets: { crm: "ssm:/crm" }
    permissions: [{ actions: [s3:GetObject], resources: "*" }]
  - name: load
    handler: ./load.ts#run
    dependencies: [extract]
    result_schema: { type: object }
    environment: { LEVEL: 1 }
  - name: tell
    handler: tell
    depends_on: load
    optional: true
environments:
  prod: { steps: [{ name: ALL, timeout: 1h }, { name: load, memory_mb: 512 }] }
`;

/** For any text: nothing throws, and every diagnostic has a known code and a position inside of the text. */
const holds = (text: string): void => {
  const { found } = parseAndCheck(text);
  const lines = text.split(/\r\n|\r|\n/);
  for (const { code, severity, message, span, related } of found) {
    expect(diagnosticCodes).toHaveProperty(code);
    expect(['error', 'warning']).toContain(severity);
    expect(message.length).toBeGreaterThan(10);
    for (const place of [span, ...(related ? [related.span] : [])]) {
      const line = lines[place.line - 1];
      expect(line, `line ${place.line} of ${JSON.stringify(text)}`).toBeDefined();
      expect(place.column).toBeGreaterThanOrEqual(1);
      expect(place.column).toBeLessThanOrEqual((line ?? '').length + 1);
      expect(place.endLine > place.line || place.endColumn >= place.column).toBe(true);
    }
  }
  renderDiagnostics(found, new Map([['p.yaml', text]]), { color: true });
};

describe('nothing that an author writes makes the compiler throw', () => {
  test('the whole template is good', () => expect(parseAndCheck(whole).codes).toEqual([]));

  test('any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), holds), { numRuns: sized(50, 500) });
  });

  test('any pile of YAML signs', () => {
    const sign = fc.constantFrom(
      '- ',
      ': ',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '&a ',
      '*a',
      '<<',
      '|',
      '>',
      '"',
      "'",
      '#',
      '!t ',
      '%',
      '---\n',
      '? ',
      'name',
      'steps',
      '1',
      '~',
      '\t',
      '\r',
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 40 }), (signs) => holds(signs.join(''))),
      { numRuns: sized(100, 1500) },
    );
  });

  test('a template with a piece cut out, doubled or moved', () => {
    const at = fc.nat({ max: whole.length });
    fc.assert(
      fc.property(at, at, at, (a, b, c) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const piece = whole.slice(from, to);
        const rest = whole.slice(0, from) + whole.slice(to);
        holds(rest);
        holds(rest.slice(0, c) + piece + rest.slice(c));
        holds(whole.slice(0, c) + piece + whole.slice(c));
      }),
      { numRuns: sized(20, 250) },
    );
  });

  test('a template in which some value is something else', () => {
    const values = [...whole.matchAll(/(?<=: )[^\s,{}[\]]+/g)].map((match) => [match.index, match[0].length] as const);
    const other = fc.constantFrom(
      '~',
      '1',
      '-1',
      '1.5',
      'true',
      'x',
      '""',
      '[]',
      '{}',
      '[x]',
      '{ x: 1 }',
      '[[1]]',
      '{ name: {} }',
      '"*"',
      '.nan',
      '2024-01-01',
      '"\\u0000\\e[2J"',
    );
    fc.assert(
      fc.property(fc.constantFrom(...values), other, ([index, length], value) =>
        holds(whole.slice(0, index) + value + whole.slice(index + length)),
      ),
      { numRuns: sized(50, 600) },
    );
  });
});
