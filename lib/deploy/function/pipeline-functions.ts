import type { Code, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { LambdaArchitecture } from '../../bundle/duckdb-layer.ts';
import type { FunctionEntry } from '../../bundle/function-entry.ts';
import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import type { CompiledMachine } from '../../compiler/states/emit-machine.ts';
import { entryOf, type StepFunction } from '../../compiler/states/step-functions.ts';
import { machineFunctions, type PlatformFunction, platformFunctions } from '../../contract/platform-functions.ts';
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
    const wakesOthers = new Set(
      plan.steps.filter(({ wakes }) => Object.keys(wakes).length > 0).map(({ name }) => name),
    );
    const signals = (steps: readonly string[]): Grant[] =>
      steps.some((step) => wakesOthers.has(step)) ? [signalGrant] : [];

    const platform = (fn: PlatformFunction): RuntimeFunction =>
      new RuntimeFunction(this, fn.placeholder, {
        ...fn,
        architecture,
        description: shortened(`${fn.purpose} (pipeline ${plan.name})`),
        code: props.code(fn),
        environment: settings,
        grants: [
          ...storeGrants(store, fn.access(plan.name)),
          ...(fn.signals ? [signalGrant] : []),
          ...(fn.asks ? [askGrant] : []),
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
      ...machineFunctions.map((fn) => [fn.placeholder, platform(fn)] as const),
      ...props.machine.functions.map((fn) => [fn.placeholder, step(fn)] as const),
    ]);
    const { reconcile } = platformFunctions;
    this.reconcile = new RuntimeFunction(this, reconcile.placeholder, {
      ...reconcile,
      architecture,
      description: shortened(`${reconcile.purpose} (pipeline ${plan.name})`),
      code: props.code(reconcile),
      environment: { ...settings, DAYBREAK_QUEUE_URL: deadLetters.queueUrl, DAYBREAK_PIPELINE: plan.name },
      grants: [
        ...storeGrants(store, reconcile.access(plan.name)),
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
