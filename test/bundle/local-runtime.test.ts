import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { compileRuntime } from '../../lib/bundle/compile-runtime.ts';
import { localRuntime } from '../../lib/bundle/local-runtime.ts';
import { ownModule } from '../../lib/package/package-files.ts';

const entry = 'lambdas/platform/steps.ts';
const cache = mkdtempSync(join(tmpdir(), 'daybreak-runtime-'));
const umask = process.umask(0o077);
const first = await localRuntime([entry], cache);
process.umask(umask);

/** Modules that are loaded with a file, without those of Node. */
const loadedBy = (file: string): number => {
  const script = `
    import { registerHooks } from 'node:module';
    let loaded = 0;
    registerHooks({ load: (url, context, next) => { if (!url.startsWith('node:')) loaded += 1; return next(url, context); } });
    await import(${JSON.stringify(file)});
    console.log(loaded);
    process.exit();`;
  const options = { encoding: 'utf8', env: { DAYBREAK_STEPS: '{}' } } as const;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], options));
};

test('a function on this machine loads few files', () => {
  const file = first?.entries.get(ownModule(entry)) ?? '';
  const loaded = loadedBy(file);
  expect(loaded).toBeGreaterThan(0);
  expect(loaded).toBeLessThanOrEqual(40);
});

test('other users of the installation can read its files, even after a strict umask', () => {
  const folder = dirname(first?.entries.get(ownModule(entry)) ?? '');
  const modes = [folder, ...readdirSync(folder).map((name) => join(folder, name))].map((path) => statSync(path).mode);
  expect(modes.map((mode) => mode & 0o044)).toEqual(modes.map(() => 0o044));
});

test('without a place for the compiled files the sources do', async () => {
  const file = join(cache, 'a-file');
  writeFileSync(file, '');
  expect(await localRuntime([entry], join(file, 'below'))).toBeNull();
});

test('no module of Node is imported late through a wrapper: a split bundle would lose its named exports', async () => {
  const { metafile } = await compileRuntime([entry]);
  const entries = Object.values(metafile.outputs).flatMap(({ entryPoint }) => entryPoint ?? []);
  expect(entries).toContain(entry);
  expect(entries.filter((name) => name.startsWith('daybreak-builtin'))).toEqual([]);
});
