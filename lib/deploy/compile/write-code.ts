import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFunctions, type FunctionBundle, platformBundle } from '../../bundle/bundle-functions.ts';
import { sharedKey } from '../../bundle/shared-index.ts';
import type { LoadedPipeline } from '../../compiler/loaded-pipeline.ts';
import { specsOf } from '../../compiler/states/step-specs.ts';
import { planFile, type StepSpecs } from '../../contract/step-spec.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import type { CodeFolder, CompiledTemplate } from './compiled-template.ts';
import { synthCache } from './kept-reports.ts';
import { sharedFunction } from './shared-function.ts';

/** Bundles the functions of a pipeline and writes their code to folders. Null if a handler does not compile; `report` got the reason. */
export async function writeCode(
  { machine }: Extract<LoadedPipeline, { ok: true }>,
  options: { readonly root: string; readonly report: Report },
): Promise<CompiledTemplate['code'] | null> {
  const bundles = await bundleFunctions(machine.functions.map(sharedFunction), options);
  const cache = join(synthCache(options.root), 'code');
  const steps: Record<string, CodeFolder> = {};
  for (const fn of machine.functions) {
    const bundle = bundles.get(sharedKey(sharedFunction(fn)));
    if (!bundle) return null;
    steps[fn.placeholder] = folderOf(bundle, specsOf(machine.steps, fn.steps), cache);
  }
  return { steps, platform: folderOf(platformBundle(), machine.steps, cache) };
}

/** The folder with a bundle and the facts about the steps beside it. Its name is its content, so one that exists is complete. */
function folderOf(bundle: FunctionBundle, specs: StepSpecs, cache: string): CodeFolder {
  const plan = JSON.stringify(specs);
  const digest = createHash('sha256').update(`${bundle.digest}\0${plan}`).digest('hex');
  const folder = join(cache, digest);
  if (existsSync(folder)) return { folder, digest };
  const staging = join(cache, `making-${randomUUID()}`);
  mkdirSync(staging, { recursive: true });
  for (const [name, content] of Object.entries({ ...bundle.files, [planFile]: plan })) {
    writeFileSync(join(staging, name), content);
    // Lambda reads the code as another user. A strict umask would make the file readable only for its owner.
    chmodSync(join(staging, name), 0o644);
  }
  chmodSync(staging, 0o755);
  try {
    renameSync(staging, folder);
  } catch {
    // Another process was faster; its folder is the same.
    rmSync(staging, { recursive: true, force: true });
  }
  return { folder, digest };
}
