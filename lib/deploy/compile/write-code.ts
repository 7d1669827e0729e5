import { join } from 'node:path';
import { bundleFunctions, platformBundle } from '../../bundle/bundle-functions.ts';
import { sharedKey } from '../../bundle/shared-index.ts';
import { lineageSources } from '../../compiler/lineage-sources.ts';
import type { LoadedPipeline } from '../../compiler/loaded-pipeline.ts';
import { specsOf } from '../../compiler/states/step-specs.ts';
import { alertsFile } from '../../contract/events/alert-settings.ts';
import { type LineageFile, type LineageSetting, lineageFile } from '../../contract/lineage/lineage-setting.ts';
import { planFile } from '../../contract/step-spec.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { codeFolder } from './code-folder.ts';
import type { CodeFolder, CompiledTemplate } from './compiled-template.ts';
import { synthCache } from './kept-reports.ts';
import { sharedFunction } from './shared-function.ts';

/** Bundles the functions of a pipeline and writes their code to folders. Null if a handler does not compile; `report` got the reason. */
export async function writeCode(
  loaded: Extract<LoadedPipeline, { ok: true }>,
  options: { readonly root: string; readonly report: Report },
): Promise<CompiledTemplate['code'] | null> {
  const { machine, plan } = loaded;
  const bundles = await bundleFunctions(machine.functions.map(sharedFunction), options);
  const cache = join(synthCache(options.root), 'code');
  const steps: Record<string, CodeFolder> = {};
  for (const fn of machine.functions) {
    const bundle = bundles.get(sharedKey(sharedFunction(fn)));
    if (!bundle) return null;
    steps[fn.placeholder] = codeFolder(bundle, { [planFile]: JSON.stringify(specsOf(machine.steps, fn.steps)) }, cache);
  }
  const beside = {
    [planFile]: JSON.stringify(machine.steps),
    ...(plan.lineage && { [lineageFile]: JSON.stringify(lineageFileOf(plan.lineage, loaded)) }),
    ...(plan.alerts && { [alertsFile]: JSON.stringify(plan.alerts) }),
  };
  return { steps, platform: codeFolder(platformBundle(), beside, cache) };
}

const lineageFileOf = (setting: LineageSetting, loaded: Parameters<typeof lineageSources>[0]): LineageFile => ({
  setting,
  sources: lineageSources(loaded),
});
