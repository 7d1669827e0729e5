import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/daybreak.ts', import.meta.url));

/** Prints the number of modules that the process has loaded, without those of Node. */
const counter = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module';
let loaded = 0;
registerHooks({ load: (url, context, next) => { if (!url.startsWith('node:')) loaded += 1; return next(url, context); } });
process.on('exit', () => process.stderr.write('loaded ' + loaded));
`)}`;

test.each([
  ['--help', 40],
  ['--version', 40],
])('%s loads no command: at most %i modules', async (flag, most) => {
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', counter, bin, flag]);
  const loaded = Number(/^loaded (\d+)$/.exec(stderr)?.[1]);
  expect(loaded).toBeGreaterThan(10);
  expect(loaded).toBeLessThanOrEqual(most);
});
