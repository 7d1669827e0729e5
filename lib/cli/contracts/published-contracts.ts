/** Compares templates with the versions that they have published, before a run does. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LoadedPipeline } from '../../compiler/loaded-pipeline.ts';
import { pointerKey, versionKey } from '../../contract/object-keys.ts';
import type { Pointer } from '../../contract/published/pointer.ts';
import type { PublishedVersion } from '../../contract/published/published-version.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { openStack } from '../../operate/stacks/open-stack.ts';
import { openStore } from '../../ports/open-store.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { brokenContract, versionBefore } from '../../runtime/publish/check-contract.ts';
import { readJson } from '../../runtime/records/json-objects.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../typed/usage-error.ts';
import { readersOf } from './readers-of.ts';
import { templateContract } from './template-contract.ts';

/** Finds the breaking changes of a template. Without a place it looks at the local store, if there is one, and only warns: what was published there is an experiment. */
export async function publishedContracts(
  against: string | null,
  context: Context,
): Promise<(loaded: LoadedPipeline) => Promise<Diagnostic[]>> {
  const store = await storeOf(against, context);
  return async (loaded) => {
    if (store === null || !loaded.ok || loaded.plan.publish === null || loaded.plan.publish.breaking) return [];
    const { name } = loaded.plan;
    const pointer = await readJson<Pointer>(store, pointerKey(name));
    const version = pointer && versionBefore(pointer, '');
    const before = version === null ? null : await readJson<PublishedVersion>(store, versionKey(name, version));
    const template = loaded.variants[0]?.template;
    if (before === null || !template) return [];
    const { contract, unknown } = templateContract(loaded.plan, loaded.datasets);
    const known = before.datasets.filter(({ step, dataset }) => !unknown.has(`${step}.${dataset}`));
    const broken = brokenContract({ ...before, datasets: known }, contract);
    if (broken.length === 0) return [];
    const readers = await readersOf(name, context.root);
    const who = readers.length > 0 ? `; readers: ${readers.join(', ')}` : '; no other file of this project names it';
    const place = template.at(['publish', 'datasets']);
    const remedy = `set a new major "version", or "breaking: true" under "publish"`;
    return broken.map((line) => {
      const found = makeDiagnostic('BREAKING_CHANGE', place, `${line} (published version ${version})${who}; ${remedy}`);
      return against === null ? { ...found, severity: 'warning' } : found;
    });
  };
}

async function storeOf(against: string | null, { root, io }: Context): Promise<ObjectStore | null> {
  const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const local = join(root, '.daybreak', 'store');
  const folder = against === null ? local : resolve(io.cwd, against);
  if (isFolder(folder)) return openStore(pathToFileURL(folder).href, io.env);
  if (against === null) return null;
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(against)) return openStore(against, io.env);
  if (/[\\.]|^\//.test(against)) throw new UsageError(`--against "${against}" is no folder`);
  return (await openStack(against, io.env)).store;
}
