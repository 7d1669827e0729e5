import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkGraph } from '../../lib/compiler/graph/check-graph.ts';
import { parseTemplate } from '../../lib/compiler/template/parse-template.ts';
import type { Diagnostic } from '../../lib/diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../../lib/diagnostics/render-diagnostics.ts';

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');

/** The output that a person sees for the template, as if all of its handlers existed but those named "missing". */
const render = (file: string): string => {
  const found: Diagnostic[] = [];
  const text = read(file);
  const path = `pipelines/${file}`;
  const template = parseTemplate({ file: path, text }, {}, (d) => found.push(d));
  const options = {
    handlerExists: (entry: string) => !entry.includes('missing'),
    handlerFiles: ['lambdas/steps/orders/missed-orders.ts'],
    allowMissingHandlers: false,
  };
  if (template) checkGraph(template, options, (d) => found.push(d));
  return renderDiagnostics(found, new Map([[path, text]]));
};

const files = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.yaml'));

test.each(files)('%s gets the messages in the file beside it', (file) => {
  expect(render(file)).toBe(read(file.replace('.yaml', '.txt')));
});
