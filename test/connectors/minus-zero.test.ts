import { describe, expect, test } from 'vitest';
import { writeFile } from '../../lib/connectors/sinks.ts';
import { loadFiles } from '../../lib/connectors/sources.ts';
import { aStep, attempt, keys, memoryWorld } from '../runtime/fixtures.ts';

const columns = { a: 'DOUBLE', list: 'DOUBLE[]', struct: 'STRUCT(b DOUBLE)' };
const row = { a: -0, list: [-0, 0], struct: { b: -0 } };

/** The rows that a reader gets from one loaded file. `toEqual` tells -0 from 0. */
async function loaded(text: string | Uint8Array): Promise<unknown[]> {
  const world = memoryWorld();
  await world.store.put('sources/file', text);
  await attempt(world, { step: aStep('load') }, (step) => loadFiles(step, { dataset: 'd', columns, files: 'file' }));
  const rows: unknown[] = [];
  await attempt(world, { step: aStep('read', { dependencies: ['load'] }) }, async (step) => {
    for await (const batch of step.rows('load.d')) rows.push(...batch);
  });
  return rows;
}

describe('a double of -0 keeps its sign', () => {
  test.each([['-0'], ['-0.0'], ['-0e5'], ['-.0'], ['-0.00000000000000000000']])('behind CSV with %s', async (zero) => {
    const nested = zero === '-.0' ? '-0' : zero;
    expect(await loaded(`a,list,struct\n${zero},"[${nested},0]","{""b"":${nested}}"\n`)).toEqual([row]);
  });

  test.each([['-0'], ['-0.0'], ['-0.00000000000000000000']])('behind NDJSON with %s', async (zero) => {
    expect(await loaded(`{"a":${zero},"list":[${zero},0],"struct":{"b":${zero}}}\n`)).toEqual([row]);
  });

  test.each([['csv'], ['ndjson'], ['parquet']] as const)('in a file of %s', async (format) => {
    const world = memoryWorld();
    await attempt(world, { step: aStep('write') }, (step) => writeFile(step, 'file', [row], { format, columns }));
    const [file = ''] = (await keys(world.store)).filter((key) => key.endsWith('/file'));
    expect(await loaded((await world.store.get(file))?.body ?? '')).toEqual([row]);
  });
});
