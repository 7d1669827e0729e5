import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { compilePipeline } from '../../lib/compiler/compile-pipeline.ts';
import { emitMachine } from '../../lib/compiler/states/emit-machine.ts';
import type { Diagnostic } from '../../lib/diagnostics/diagnostic.ts';
import { diagnosticCodes } from '../../lib/diagnostics/diagnostic-codes.ts';
import { renderDiagnostics } from '../../lib/diagnostics/render-diagnostics.ts';

const own = new URL('../../pipelines/', import.meta.url);
const corpus = new URL('../../../shared/corpus/tasker/', import.meta.url);

const textsIn = (folder: URL): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'));

/** Templates that people wrote: the examples, and those of Tasker where they are at hand. */
const originals = [...textsIn(own), ...(existsSync(corpus) ? textsIn(corpus) : [])];

const pieces = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ': ',
    '- ',
    ', ',
    '&a ',
    '*a',
    '<<: *a',
    '!!str ',
    '|',
    '>',
    '"',
    "'",
    '#',
    '%YAML 1.1\n---\n',
  ],
  ...[
    '"\\ud800"',
    '__proto__',
    'constructor',
    '\u0000',
    '\ufeff',
    '\u202e',
    '1e400',
    '0x',
    '-',
    '.nan',
    '9007199254740993',
  ],
  ...[
    '{% $x( %}',
    '%}',
    '${Bucket}',
    '2026-02-30',
    'null',
    'true',
    '~',
    '  ',
    '\t',
    '\r',
    '\n\n',
    '---\n',
    'ALL',
    '~/..',
  ],
  ...['retry: { max_attempts: -1 }', 'sql: { query: 1 }', 'dependencies: [[]]', 'schedule: { cron: "* * * * *" }'],
];

/** Whole numbers below a bound, the same for each seed (mulberry32). */
const randomOf = (seed: number) => {
  let state = seed;
  return (bound: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) % bound;
  };
};

/** A template with one to four changes: a line moved, doubled or left out, a value replaced, an indentation changed, a piece of YAML put somewhere, a character deleted. */
function mutated(seed: number): string {
  const random = randomOf(seed);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  let text = pick(originals);
  for (let change = random(4); change >= 0; change--) {
    const lines = text.split('\n');
    const [from, to] = [random(lines.length), random(lines.length)];
    const line = lines[from] ?? '';
    const at = random(text.length + 1);
    switch (random(7)) {
      case 0:
        lines.splice(from, 1);
        text = lines.join('\n');
        break;
      case 1:
        lines.splice(to, 0, line);
        text = lines.join('\n');
        break;
      case 2:
        lines[from] = line.replace(/(:|-) .*$/, `$1 ${pick(pieces)}`);
        text = lines.join('\n');
        break;
      case 3:
        lines[from] = random(2) === 0 ? `  ${line}` : line.replace(/^ {1,2}/, '');
        text = lines.join('\n');
        break;
      case 4:
        text = text.slice(0, at) + pick(pieces) + text.slice(at);
        break;
      case 5:
        text = text.slice(0, at) + text.slice(at + 1 + random(8));
        break;
      default:
        lines[from] = lines[to] ?? '';
        text = lines.join('\n');
    }
  }
  return text;
}

/** Compiles mutated templates up to the machine. No template makes the compiler throw, and each diagnostic is one of the table, at a place inside of the text. */
export function checkMutations(first: number, count: number): { readonly refused: number; readonly compiled: number } {
  let [refused, compiled] = [0, 0];
  for (let seed = first; seed < first + count; seed++) {
    const text = mutated(seed);
    const found: Diagnostic[] = [];
    const options = {
      environment: null,
      allowMissingHandlers: true,
      handlerExists: () => true,
      readSql: () => ({ text: 'SELECT 1 AS n' }),
    };
    try {
      const plan = compilePipeline({ file: 'p.yaml', text }, options, (one) => found.push(one));
      if (plan) emitMachine(plan, () => 'digest');
      if (plan) compiled += 1;
      else refused += 1;
      // A template without a plan says why.
      if (!plan) expect(found.some(({ severity }) => severity === 'error')).toBe(true);
      const lines = text.split(/\r\n|\r|\n/);
      for (const { code, message, span } of found) {
        expect(diagnosticCodes).toHaveProperty(code);
        expect(message.length).toBeGreaterThan(10);
        expect(lines[span.line - 1]).toBeDefined();
        expect(span.column).toBeLessThanOrEqual((lines[span.line - 1] ?? '').length + 1);
      }
      renderDiagnostics(found, new Map([['p.yaml', text]]));
    } catch (fault) {
      throw new Error(`seed ${seed}: ${String(fault)}\n${text}`, { cause: fault });
    }
  }
  return { refused, compiled };
}
