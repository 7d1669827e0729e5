import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localRuntime } from '../../lib/bundle/local-runtime.ts';

const entry = 'lambdas/platform/steps.ts';

test('the runtime is compiled when a source has changed, and not before', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'daybreak-runtime-'));
  const first = await localRuntime([entry], cache);
  expect(await localRuntime([entry], cache)).toEqual(first);
  const [record = ''] = readdirSync(cache).filter((name) => name.endsWith('.json'));
  const made = JSON.parse(readFileSync(join(cache, record), 'utf8'));
  expect(Object.keys(made.sources)).toContain('lib/runtime/define-step.ts');
  made.sources['lib/runtime/define-step.ts'] = '1 1';
  writeFileSync(join(cache, record), JSON.stringify(made));
  const second = await localRuntime([entry], cache);
  expect(second?.modules.daybreak).not.toBe(first?.modules.daybreak);
  expect(await localRuntime([entry], cache)).toEqual(second);
});
