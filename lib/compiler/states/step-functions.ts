import { digestOf } from '../../contract/fingerprint.ts';
import type { Json } from '../../contract/json.ts';
import type { StepWork } from '../../contract/step-work.ts';
import { defaultEphemeralStorageMb } from '../plan/defaults.ts';
import type { FunctionSharing, StepPlan } from '../plan/plan.ts';
import { placeholders } from './placeholders.ts';

/** Work that a function can do, and the steps that need it. */
interface StepModule {
  readonly work: StepWork;
  readonly steps: readonly string[];
}

/** A Lambda function that runs one step or several. It loads the work of a step when that step is invoked for the first time. */
export interface StepFunction
  extends Pick<StepPlan, 'memoryMb' | 'ephemeralStorageMb' | 'environment' | 'secrets' | 'permissions'> {
  /** Limit of one invocation. A step may have less: see `timeouts`. */
  readonly timeoutSeconds: number;
  /** Seconds of those steps that have less time than the function. */
  readonly timeouts: Readonly<Record<string, number>>;
  readonly placeholder: string;
  readonly steps: readonly string[];
  readonly modules: readonly StepModule[];
}

/** Beyond this many functions steps with different time-outs share one. A stack of CloudFormation has room for about 230 functions. */
const mostFunctions = 100;

/** The time-outs of functions where steps with different ones share them, in seconds. */
const timeOutClasses = [60, 300, 900] as const;

/** Queries of one function in characters. Where code is not bundled they travel as variables of a process, and Linux allows 2 MB of those. */
const mostQueryCharacters = 400_000;

/**
 * Groups the steps by function. Shared functions run all steps that agree in memory, scratch space, time-out, environment, secrets and permissions.
 * Separate functions run one handler each; SQL steps share functions in either case, since all of their code is Daybreak's.
 */
export function stepFunctions(steps: readonly StepPlan[], sharing: FunctionSharing): StepFunction[] {
  const exact = grouped(steps, sharing, (step) => step.functionTimeoutSeconds);
  return exact.length <= mostFunctions ? exact : grouped(steps, sharing, timeOutClass);
}

const timeOutClass = ({ functionTimeoutSeconds }: StepPlan): number =>
  timeOutClasses.find((seconds) => seconds >= functionTimeoutSeconds) ?? functionTimeoutSeconds;

function grouped(
  steps: readonly StepPlan[],
  sharing: FunctionSharing,
  timeOutOf: (step: StepPlan) => number,
): StepFunction[] {
  const groups = new Map<string, StepPlan[]>();
  let queries = 0;
  for (const step of steps) {
    queries += step.work.kind === 'sql' ? JSON.stringify(step.work.queries).length : 0;
    const key = digestOf({
      ...settingsOf(step),
      timeout: timeOutOf(step),
      ...(isSeparate(step, sharing) && { work: step.work }),
      part: Math.floor(queries / mostQueryCharacters),
    } as unknown as Json);
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  const names = new Set<string>(Object.values(placeholders));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const timeoutSeconds = timeOutOf(first);
    const name = isSeparate(first, sharing) ? nameOfStep(first.name) : nameOfSettings(first, timeoutSeconds);
    return [
      {
        ...settingsOf(first),
        placeholder: uniqueName(name, names),
        timeoutSeconds,
        timeouts: Object.fromEntries(
          group
            .filter((step) => step.functionTimeoutSeconds < timeoutSeconds)
            .map((step) => [step.name, step.functionTimeoutSeconds]),
        ),
        steps: group.map((step) => step.name),
        modules: modulesOf(group),
      },
    ];
  });
}

const isSeparate = ({ work }: StepPlan, sharing: FunctionSharing): boolean =>
  sharing === 'separate' && work.kind === 'handler';

const settingsOf = ({ memoryMb, ephemeralStorageMb, environment, secrets, permissions }: StepPlan) => ({
  memoryMb,
  ephemeralStorageMb,
  environment,
  secrets,
  permissions,
});

function modulesOf(steps: readonly StepPlan[]): StepModule[] {
  const modules = new Map<string, StepModule & { steps: string[] }>();
  for (const { name, work } of steps) {
    const key = digestOf(work as unknown as Json);
    const known = modules.get(key);
    if (known) known.steps.push(name);
    else modules.set(key, { work, steps: [name] });
  }
  return [...modules.values()];
}

/** `extract_orders` gives `ExtractOrders`. */
const nameOfStep = (step: string): string =>
  step
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** `Steps1024Mb900S`, with more behind it where more differs. The name follows from the settings alone: another step leaves the function in its place. */
function nameOfSettings(step: StepPlan, timeoutSeconds: number): string {
  const { memoryMb, ephemeralStorageMb, environment, secrets, permissions } = step;
  const scratch = ephemeralStorageMb === defaultEphemeralStorageMb(memoryMb) ? '' : `${ephemeralStorageMb}Scratch`;
  const own = { environment, secrets, permissions };
  const isPlain = Object.values(own).every((value) => Object.keys(value).length === 0);
  const digest = isPlain ? '' : `X${digestOf(own as unknown as Json).slice(0, 8)}`;
  return `Steps${memoryMb}Mb${timeoutSeconds}S${scratch}${digest}`;
}

/** CloudFormation takes letters and digits only, so `a_b` and `a-b` would meet: the second gets a number. */
function uniqueName(base: string, taken: Set<string>): string {
  let name = `${base}Function`;
  for (let i = 2; taken.has(name); i++) name = `${base}${i}Function`;
  taken.add(name);
  return name;
}
