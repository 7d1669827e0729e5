import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkGraph } from '../../../lib/compiler/graph/check-graph.ts';
import { parseTemplate } from '../../../lib/compiler/template/parse-template.ts';
import type { Diagnostic } from '../../../lib/diagnostics/diagnostic.ts';

const folder = new URL('../../../../shared/corpus/tasker/', import.meta.url);
const there = existsSync(folder);
const files = there ? readdirSync(folder).filter((file) => file.endsWith('.yaml')) : [];

/** Templates that use what this version does not have: batches, decisions, and published events. */
const later = /batch_processing|checkpoint_yield|conditional_approval|domain_event_publishing/;

const compile = (file: string, environment: string | null) => {
  const found: Diagnostic[] = [];
  const text = readFileSync(new URL(file, folder), 'utf8');
  const template = parseTemplate({ file, text }, { environment }, (d) => found.push(d));
  const options = { handlerExists: () => false, allowMissingHandlers: true };
  const graph = template && checkGraph(template, options, (d) => found.push(d));
  return { text, graph, errors: found.filter((d) => d.severity === 'error'), found };
};

if (!there) console.warn(`skipped: the corpus of Tasker's templates is not at ${folder.pathname}`);

describe.skipIf(!there)("templates of Tasker's repositories", () => {
  test('there are 44', () => expect(files).toHaveLength(44));

  test.each(files.filter((file) => !later.test(file)))('%s compiles as it is, in each environment', (file) => {
    for (const environment of [null, ...(/^ {2}test:$/m.test(compile(file, null).text) ? ['test'] : [])]) {
      const { errors, graph } = compile(file, environment);
      expect(errors).toEqual([]);
      expect(graph?.names.length).toBeGreaterThan(0);
    }
  });

  test.each(files.filter((file) => later.test(file)))(
    '%s is rejected for what is not supported yet, at its place',
    (file) => {
      const { errors, text } = compile(file, null);
      expect(new Set(errors.map((d) => d.code))).toEqual(new Set(['NOT_YET_SUPPORTED']));
      const places = errors.map((d) =>
        text.split('\n')[d.span.line - 1]?.slice(d.span.column - 1, d.span.endColumn - 1),
      );
      const known = /^(decision|deferred_convergence|batchable|batch_worker|batch_config|lifecycle|publishes_events)$/;
      for (const place of places) expect(place).toMatch(known);
    },
  );
});
