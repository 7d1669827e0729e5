import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { openStore } from '../../../lib/ports/open-store.ts';
import { contentOf, goes, now, oldRuns, pipeline } from './old-runs.ts';

const entry = new URL('../../../lambdas/platform/prune.ts', import.meta.url).href;

test('the deployed function removes old runs, says which stay and why, and refuses variables that make no sense', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'prune-'));
  try {
    const url = pathToFileURL(folder).href;
    const store = await openStore(url);
    const { store: memory } = await oldRuns();
    for (const [key, text] of await contentOf(memory)) await store.put(key, text.replaceAll(memory.url, store.url));
    const call = (days: string, minutes: number): string[] => {
      // The world's clock is in the past of this machine's.
      const code = `Date.now = () => ${now}; const { handler } = await import(${JSON.stringify(entry)}); console.log(JSON.stringify(await handler({}, { getRemainingTimeInMillis: () => ${minutes * 60_000} }).catch((error) => error.message)));`;
      const env = {
        PATH: process.env.PATH,
        DAYBREAK_STORE: url,
        DAYBREAK_PIPELINE: pipeline,
        DAYBREAK_KEEP_DAYS: days,
      };
      return execFileSync(process.execPath, ['--input-type=module', '-e', code], { env, encoding: 'utf8' })
        .trim()
        .split('\n');
    };
    for (const wrong of ['', '0', '-1', '1.5', 'abc'])
      expect(call(wrong, 15).at(-1)).toContain(JSON.stringify(`DAYBREAK_KEEP_DAYS "${wrong}"`).slice(1, -1));
    // Two minutes before its end it begins nothing.
    expect(call('30', 1).at(-1)).toMatch(/^\{"removed":0,/);
    // The execution that works in the world of `oldRuns` is unknown to this folder, so its run goes too.
    const said = call('30', 15);
    expect(said).toContain('{"kept":"old-open","reason":"a dead letter of it is open"}');
    expect(said.at(-1)).toMatch(new RegExp(`^\\{"removed":${goes.length + 1},"kept":\\d\\}$`));
    const left = [...(await contentOf(store)).keys()];
    expect(left.filter((key) => goes.some((run) => key.startsWith(`${pipeline}/runs/${run}/`)))).toEqual([]);
    expect(left.some((key) => key.startsWith(`${pipeline}/runs/old-open/`))).toBe(true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
