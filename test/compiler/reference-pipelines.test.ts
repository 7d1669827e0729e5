import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import aslValidator from 'asl-validator';
import { describe, expect, test } from 'vitest';
import { bindingsOf } from '../../lib/compiler/bindings.ts';
import { loadPipeline } from '../../lib/compiler/load-pipeline.ts';
import type { CompiledMachine } from '../../lib/compiler/states/emit-machine.ts';
import { loadMachine } from '../../lib/offline/asl/load-machine.ts';
import { sampled, sized, slowTest } from '../support/sized.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function load(name: string) {
  const options = { root, environment: null, allowMissingHandlers: false };
  const loaded = await loadPipeline(`${root}pipelines/${name}.yaml`, options);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
  return loaded;
}

/** The validator writes into what it is given. */
const findingsOf = ({ definition }: CompiledMachine) => aslValidator(structuredClone(definition)).errors;

const corpus = join(root, '../shared/corpus/tasker');

const waiting = async (name: string) =>
  (await load(name)).plan.steps.filter((step) => step.awaits.length > 0).map((step) => [step.name, step.awaits]);

describe('the reference pipelines', () => {
  test('customer_analytics is not series-parallel and needs one wait', async () => {
    expect(await waiting('customer_analytics')).toEqual([['transform_product_metrics', ['extract_products']]]);
  });

  test('analytics_pipeline needs no wait', async () => {
    expect(await waiting('analytics_pipeline')).toEqual([]);
  });

  test.each(sampled(['customer_analytics', 'analytics_pipeline'], 2))(
    '%s compiles to the same machine every time',
    async (name) => {
      const [one, two] = [await load(name), await load(name)];
      expect(JSON.stringify(one.machine)).toBe(JSON.stringify(two.machine));
      expect(() => loadMachine(one.machine.definition)).not.toThrow();
    },
  );

  test.each(['customer_analytics', 'analytics_pipeline'])(
    '%s: the bindings say what each placeholder stands for',
    async (name) => {
      const { machine } = await load(name);
      const bindings = bindingsOf(machine, root);
      const text = JSON.stringify(machine.definition) + JSON.stringify(bindings);
      const used = new Set([...text.matchAll(/\$\{([^}]*)\}/g)].map(([, placeholder]) => placeholder));
      expect(Object.keys(bindings).sort()).toEqual([...used].sort());
    },
  );

  slowTest('asl-validator finds nothing in them', async () => {
    const templates = readdirSync(join(root, 'pipelines')).filter((file) => file.endsWith('.yaml'));
    expect(templates.length).toBeGreaterThanOrEqual(6);
    for (const name of templates.map((file) => file.replace('.yaml', '')))
      expect(findingsOf((await load(name)).machine)).toEqual([]);
  });
});

describe.skipIf(!existsSync(corpus))(
  'machines of the templates in ../shared/corpus/tasker (skipped where that folder is absent)',
  () => {
    test('asl-validator and our own loader find nothing in them', async () => {
      let compiled = 0;
      for (const file of readdirSync(corpus).slice(0, sized(4, 1_000))) {
        const loaded = await loadPipeline(join(corpus, file), { root, environment: null, allowMissingHandlers: true });
        if (!loaded.ok) continue;
        compiled += 1;
        expect(findingsOf(loaded.machine), file).toEqual([]);
        expect(() => loadMachine(loaded.machine.definition), file).not.toThrow();
      }
      expect(compiled).toBeGreaterThanOrEqual(sized(2, 35));
    });
  },
);
