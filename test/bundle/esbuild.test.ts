import { expect, test } from 'vitest';
import { build, transform } from '../../lib/bundle/esbuild.ts';
import { HelperDiedError } from '../../lib/contract/helper-died-error.ts';
import { killHelper } from '../support/kill-helper.ts';

/** Builds a module; `before` runs each time that esbuild loads it. */
const buildWith = (before: () => Promise<void>) =>
  build({
    stdin: { contents: 'import "x"' },
    bundle: true,
    write: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'x',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^x$/ }, () => ({ path: 'x', namespace: 'x' }));
          onLoad({ filter: /./, namespace: 'x' }, async () => {
            await before();
            return { contents: 'console.log("x")' };
          });
        },
      },
    ],
  });

test('esbuild is asked once more when its process was killed, by all that were asking', async () => {
  let loads = 0;
  const killOnce = async (): Promise<void> => {
    loads += 1;
    if (loads === 1) await killHelper('--service=');
  };
  const [built, other] = await Promise.all([buildWith(killOnce), buildWith(async () => undefined)]);
  expect(built.outputFiles[0]?.text).toContain('console.log("x")');
  expect(other.errors).toEqual([]);
  expect((await transform('let a: number = 1', { loader: 'ts' })).code).toBe('let a = 1;\n');
});

test('an esbuild that is killed twice is a fault of the machine, and the next question has a process', async () => {
  await expect(buildWith(() => killHelper('--service='))).rejects.toThrow(HelperDiedError);
  expect((await transform('f( )', {})).code).toBe('f();\n');
});
