import { readFile } from 'node:fs/promises';
import { compilePipeline } from '../../compiler/compile-pipeline.ts';
import { runsPrefix } from '../../contract/object-keys.ts';
import { type ExpectedTimes, expectedTimesOf } from '../../operate/estimate/estimate.ts';
import type { PipelineRef } from '../../operate/runs/read-run.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import type { Context } from '../context.ts';
import { findPipeline } from './find-pipeline.ts';
import { UsageError } from './usage-error.ts';

/** A pipeline by its name, with the steps of its template. Without a template, the steps are unknown. */
export interface KnownPipeline extends PipelineRef {
  /** By step. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
  /** Of its template. */
  readonly expected: ExpectedTimes;
}

/**
 * The pipeline whose records a person asks for. Its template gives the order of the steps. The template may have errors; it may be missing if the store has
 * runs of the pipeline.
 */
export async function pipelineRef(wanted: string, store: ObjectStore, context: Context): Promise<KnownPipeline> {
  try {
    const { path, name } = await findPipeline(wanted, { root: context.root, cwd: context.io.cwd });
    const source = { file: path, text: await readFile(path, 'utf8') };
    const options = { environment: null, allowMissingHandlers: true, handlerExists: () => true };
    const plan = compilePipeline(source, options, () => undefined);
    const steps = plan?.steps ?? [];
    return {
      name: plan?.name ?? name,
      steps: steps.map((step) => step.name),
      dependencies: Object.fromEntries(steps.map((step) => [step.name, step.dependencies])),
      expected: expectedTimesOf({ expectedMs: plan?.expectedMs ?? null, steps }),
    };
  } catch (error) {
    const known = error instanceof UsageError && (await hasRuns(store, wanted));
    if (known) return withoutTemplate(wanted);
    throw error;
  }
}

/** A pipeline of which only the name is known. */
export function withoutTemplate(name: string): KnownPipeline {
  return { name, steps: [], dependencies: {}, expected: expectedTimesOf({ expectedMs: null, steps: [] }) };
}

async function hasRuns(store: ObjectStore, name: string): Promise<boolean> {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name)) return false;
  for await (const _ of store.list(runsPrefix(name))) return true;
  return false;
}
