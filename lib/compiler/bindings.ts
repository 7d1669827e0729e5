import { resolve } from 'node:path';
import { machineFunctions } from '../contract/platform-functions.ts';
import type { StepSpecs } from '../contract/step-spec.ts';
import { ownModule } from '../package/package-files.ts';
import type { CompiledMachine } from './states/emit-machine.ts';
import { placeholder, placeholders } from './states/placeholders.ts';
import { specsOf } from './states/step-specs.ts';
import { stepModule } from './step-module.ts';

/** The meaning of a placeholder in the definition. Environment values may hold `${Bucket}` and `${DeadLetterQueueUrl}`: the bucket's name and the queue's address. */
export type Binding =
  | {
      readonly kind: 'function';
      /** Absolute path of the module. */
      readonly entry: string;
      readonly export: string;
      readonly environment: Readonly<Record<string, string>>;
      readonly timeout_seconds: number;
      readonly memory_mb: number;
      /** Size of its /tmp; platform functions need none. */
      readonly ephemeral_storage_mb?: number;
      /** Steps that the function runs; empty for functions of the platform. */
      readonly steps: readonly string[];
    }
  | { readonly kind: 'queue'; readonly value: 'url' }
  | { readonly kind: 'bucket'; readonly value: 'name' };

const bucket = 'Bucket';

/**
 * The meaning of every placeholder in the definition and in the functions' environments. `root` is the folder of the pipelines. DAYBREAK_PLAN names
 * `planFile`; without one it holds the steps themselves.
 */
export function bindingsOf(
  machine: CompiledMachine,
  root: string,
  planFile: string | null = null,
): Record<string, Binding> {
  const store = { DAYBREAK_STORE: `s3://${placeholder(bucket)}` };
  const stepsFor = (names: readonly string[]) => planFile ?? withoutPlaceholders(specsOf(machine.steps, names));
  const all = stepsFor(Object.keys(machine.steps));
  const used = JSON.stringify(machine.definition);
  const platform = machineFunctions
    .filter((fn) => used.includes(placeholder(fn.placeholder)))
    .map((fn): [string, Binding] => [
      fn.placeholder,
      {
        kind: 'function',
        entry: ownModule(fn.entry),
        export: fn.export,
        environment: {
          ...store,
          DAYBREAK_PLAN: all,
          ...(fn.sendsLetters && { DAYBREAK_QUEUE_URL: placeholder(placeholders.deadLetterQueueUrl) }),
        },
        timeout_seconds: fn.timeoutSeconds,
        memory_mb: fn.memoryMb,
        steps: [],
      },
    ]);
  const steps = machine.functions.map((fn): [string, Binding] => {
    const module = stepModule(fn, ({ entry }) => resolve(root, entry));
    return [
      fn.placeholder,
      {
        kind: 'function',
        entry: module.entry,
        export: module.export,
        environment: {
          ...fn.environment,
          ...module.environment,
          ...store,
          DAYBREAK_PLAN: stepsFor(fn.steps),
          DAYBREAK_SCRATCH_MB: String(fn.ephemeralStorageMb),
          ...(Object.keys(fn.secrets).length > 0 && { DAYBREAK_SECRETS: JSON.stringify(fn.secrets) }),
        },
        timeout_seconds: fn.timeoutSeconds,
        memory_mb: fn.memoryMb,
        ephemeral_storage_mb: fn.ephemeralStorageMb,
        steps: fn.steps,
      },
    ];
  });
  return Object.fromEntries([
    ...platform,
    ...steps,
    [placeholders.deadLetterQueueUrl, { kind: 'queue', value: 'url' }],
    [bucket, { kind: 'bucket', value: 'name' }],
  ]);
}

/** JSON in which no text looks like a placeholder. */
const withoutPlaceholders = (steps: StepSpecs): string => JSON.stringify(steps).replaceAll('$', '\\u0024');
