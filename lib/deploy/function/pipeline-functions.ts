import type { Code, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { LambdaArchitecture } from '../../bundle/duckdb-layer.ts';
import type { FunctionEntry } from '../../bundle/function-entry.ts';
import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import type { CompiledMachine } from '../../compiler/states/emit-machine.ts';
import { placeholders } from '../../compiler/states/placeholders.ts';
import { type PlatformFunction, platformFunctions } from '../../compiler/states/platform-functions.ts';
import { entryOf, type StepFunction } from '../../compiler/states/step-functions.ts';
import { platformAccess } from '../../contract/access.ts';
import { executionArns, machineArn } from '../machine-name.ts';
import type { Grant } from './grant.ts';
import { RuntimeFunction } from './runtime-function.ts';
import { secretGrants } from './secret-access.ts';
import { type Store, stepsAccess, storeGrants } from './store-access.ts';

export interface PipelineFunctionsProps {
  readonly plan: PipelinePlan;
  readonly machine: CompiledMachine;
  readonly store: Store;
  readonly deadLetters: Queue;
  /** Where events go that could not be reconciled. */
  readonly undeliveredEvents: Queue;
  readonly architecture: LambdaArchitecture;
  /** Of the functions that run steps. */
  readonly queryEngine: LayerVersion;
  /** The bundled code of a function. */
  readonly code: (entry: FunctionEntry) => Code;
}

/** The one platform function that no machine invokes: EventBridge does. Its time allows for 500 steps and a slow store. */
export const reconcileFunction = {
  entry: 'lambdas/platform/reconcile.ts',
  export: 'handler',
  timeoutSeconds: 300,
  memoryMb: 512,
} as const satisfies Omit<PlatformFunction, 'placeholder' | 'name'>;

const purposes: Readonly<Record<string, string>> = {
  [placeholders.prepare]: 'Checks the input and registers the execution',
  [placeholders.wait]: 'Keeps the token of a step that waits for others',
  [placeholders.recordFailure]: 'Settles a failed step and writes its dead letter',
  [placeholders.finalize]: 'Decides how the run ended',
};

/** Whoever settles an outcome, and the waiter itself, may end a wait. */
const signalling: ReadonlySet<string> = new Set([placeholders.wait, placeholders.recordFailure]);

const shortened = (description: string): string => description.slice(0, 256);

/** The Lambda functions of one pipeline: one per step (steps that agree in everything share one), and the platform's. */
export class PipelineFunctions extends Construct {
  /** What the machine invokes, by placeholder. */
  readonly invoked: ReadonlyMap<string, RuntimeFunction>;
  readonly reconcile: RuntimeFunction;

  constructor(scope: Construct, id: string, props: PipelineFunctionsProps) {
    super(scope, id);
    const { plan, store, deadLetters, architecture } = props;
    const signalGrant: Grant = { actions: ['states:SendTaskSuccess'], resources: [machineArn(this)] };
    const askGrant: Grant = {
      actions: ['states:DescribeExecution'],
      resources: [executionArns(this)],
      because: 'any execution of this one machine: their names are not known before',
    };
    const settings = { DAYBREAK_STORE: `s3://${store.name}` };
    const access = platformAccess(plan.name);
    const wakesOthers = new Set(
      plan.steps.filter(({ wakes }) => Object.keys(wakes).length > 0).map(({ name }) => name),
    );
    const signals = (steps: readonly string[]): Grant[] =>
      steps.some((step) => wakesOthers.has(step)) ? [signalGrant] : [];

    const platform = (fn: PlatformFunction): RuntimeFunction =>
      new RuntimeFunction(this, fn.placeholder, {
        ...fn,
        architecture,
        description: shortened(`${purposes[fn.placeholder] ?? fn.entry} (pipeline ${plan.name})`),
        code: props.code(fn),
        environment: settings,
        grants: [
          ...storeGrants(store, access[fn.name]),
          ...(signalling.has(fn.placeholder) ? [signalGrant] : []),
          ...(fn.placeholder === placeholders.prepare ? [askGrant] : []),
        ],
      });

    const step = (fn: StepFunction): RuntimeFunction =>
      new RuntimeFunction(this, fn.placeholder, {
        ...fn,
        architecture,
        data: { layer: props.queryEngine, ephemeralStorageMb: fn.ephemeralStorageMb },
        description: shortened(`Runs ${fn.steps.join(', ')} (pipeline ${plan.name})`),
        code: props.code(entryOf(fn.work)),
        environment: {
          ...fn.environment,
          ...settings,
          DAYBREAK_SCRATCH_MB: String(fn.ephemeralStorageMb),
          ...(Object.keys(fn.secrets).length > 0 && { DAYBREAK_SECRETS: JSON.stringify(fn.secrets) }),
        },
        grants: [
          ...storeGrants(store, stepsAccess(plan.name, fn.steps)),
          ...signals(fn.steps),
          ...secretGrants(fn.secrets),
          ...declared(fn, plan.name),
        ],
      });

    this.invoked = new Map([
      ...platformFunctions.map((fn) => [fn.placeholder, platform(fn)] as const),
      ...props.machine.functions.map((fn) => [fn.placeholder, step(fn)] as const),
    ]);
    this.reconcile = new RuntimeFunction(this, 'Reconcile', {
      ...reconcileFunction,
      architecture,
      description: shortened(`Adds the dead letters of an execution that died without them (pipeline ${plan.name})`),
      code: props.code(reconcileFunction),
      environment: { ...settings, DAYBREAK_QUEUE_URL: deadLetters.queueUrl, DAYBREAK_PIPELINE: plan.name },
      grants: [
        ...storeGrants(store, access.reconcile),
        { actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn, props.undeliveredEvents.queueArn] },
      ],
    });
  }
}

/** What the template declares under `permissions`. */
const declared = ({ steps, permissions }: StepFunction, pipeline: string): Grant[] =>
  permissions.map(({ conditions, ...permission }) => ({
    ...permission,
    ...(conditions && { conditions }),
    because: `declared under permissions of ${steps.join(', ')} in the template of ${pipeline}, where it is reviewed`,
  }));
