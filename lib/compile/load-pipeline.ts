import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { codeDigests } from '../bundle/code-digests.ts';
import { entryKey } from '../bundle/function-entry.ts';
import type { PipelinePlan } from '../plan/plan.ts';
import type { Diagnostic, Report } from '../source/diagnostic.ts';
import { emitMachine } from '../states/emit-machine.ts';
import { stepFunctions } from '../states/step-functions.ts';
import { checkDefinitionSize } from './check-definition-size.ts';
import { compilePipeline } from './compile-pipeline.ts';
import type { LoadedPipeline, LoadOptions } from './loaded-pipeline.ts';

/** What stands for the digest of a handler that is not there: such a pipeline compiles, but cannot run. */
const missingCode = 'missing';

/** Reads a template, compiles it, and takes the digests of its handlers' code. Throws only when the file cannot be read. */
export async function loadPipeline(path: string, options: LoadOptions): Promise<LoadedPipeline> {
  const text = await readFile(path, 'utf8');
  const file = relative(process.cwd(), path) || path;
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => diagnostics.push(diagnostic);
  const handlerExists = (entry: string) => existsSync(resolve(options.root, entry));
  const handlerFiles = await filesBelow(options.root, join('lambdas', 'steps'));
  const plan = compilePipeline({ file, text }, { ...options, handlerExists, handlerFiles }, report);
  const codeOf = plan && (await digests(plan, { root: options.root, handlerExists, report }));
  if (!plan || !codeOf || diagnostics.some(({ severity }) => severity === 'error'))
    return { ok: false, file, text, diagnostics };
  const machine = emitMachine(plan, codeOf);
  checkDefinitionSize({ file, machine }, report);
  return { ok: true, file, text, diagnostics, plan, machine };
}

/** Paths relative to the root, with forward slashes; none when there is no such folder. */
async function filesBelow(root: string, folder: string): Promise<string[]> {
  const files = await readdir(join(root, folder), { recursive: true }).catch(() => []);
  return files.map((file) => join(folder, file).replaceAll(sep, '/')).filter((file) => file.endsWith('.ts'));
}

interface DigestOptions {
  readonly root: string;
  readonly handlerExists: (entry: string) => boolean;
  readonly report: Report;
}

async function digests(plan: PipelinePlan, options: DigestOptions) {
  const present = stepFunctions(plan.steps).filter(({ entry }) => options.handlerExists(entry));
  const found = await codeDigests(present, options);
  return (fn: { readonly entry: string; readonly export: string }) => found.get(entryKey(fn)) ?? missingCode;
}
