import type { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { LambdaArchitecture } from '../../bundle/duckdb-layer.ts';
import { entryKey } from '../../bundle/function-entry.ts';
import { sharedKey } from '../../bundle/shared-index.ts';
import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import type { CompiledMachine } from '../../compiler/states/emit-machine.ts';
import type { StepFunction } from '../../compiler/states/step-functions.ts';
import { specsOf } from '../../compiler/states/step-specs.ts';
import { digestOf } from '../../contract/fingerprint.ts';
import type { Json } from '../../contract/json.ts';
import { machineFunctions, type PlatformFunction, platformFunctions } from '../../contract/platform-functions.ts';
import { executionArns, machineArn } from '../machine-name.ts';
import type { FunctionCode } from './bundled-code.ts';
import { reportSettings } from './event-reports.ts';
import { FunctionIdentity } from './function-identity.ts';
import type { Grant } from './grant.ts';
import { RuntimeFunction } from './runtime-function.ts';
import { secretGrants } from './secret-access.ts';
import { sharedFunction } from './shared-function.ts';
import { type Store, stepsAccess, storeGrants } from './store-access.ts';

export interface PipelineFunctionsProps {
  readonly plan: PipelinePlan;
  readonly machine: CompiledMachine;
  readonly store: Store;
  /** The bus that takes the pipeline's events. */
  readonly eventBusArn: string;
  readonly deadLetters: Queue;
  readonly architecture: LambdaArchitecture;
  /** The layer for the functions that run steps. */
  readonly queryEngine: LayerVersion;
  readonly code: FunctionCode;
}

const shortened = (description: string): string => description.slice(0, 256);

/** The Lambda functions of one pipeline: those that run its steps, and the platform's five. */
export class PipelineFunctions extends Construct {
  /** The functions that the machine invokes, by placeholder. */
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
    // The stack stands in commands of failures.
    const settings = { DAYBREAK_STORE: `s3://${store.name}`, DAYBREAK_STACK: Stack.of(this).stackName };
    const allSteps = props.machine.steps;
    const letterGrant: Grant = { actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] };
    const queue = { DAYBREAK_QUEUE_URL: deadLetters.queueUrl };
    const reports = reportSettings(props.eventBusArn);
    const platform = (fn: PlatformFunction): RuntimeFunction =>
      new RuntimeFunction(this, fn.placeholder, {
        ...fn,
        architecture,
        description: shortened(`${fn.purpose} (pipeline ${plan.name})`),
        code: props.code(entryKey(fn), allSteps),
        environment: { ...settings, ...(fn.sendsLetters && queue), ...(fn.reports && reports.environment) },
        identity: new FunctionIdentity(this, `${fn.placeholder}Identity`, [
          ...storeGrants(store, fn.access(plan.name)),
          ...(fn.signals ? [signalGrant] : []),
          ...(fn.asks ? [askGrant] : []),
          ...(fn.sendsLetters ? [letterGrant] : []),
          ...(fn.reports ? [reports.grant] : []),
        ]),
      });

    const identities = this.#identities(props, signalGrant, reports.grant);
    const step = (fn: StepFunction): RuntimeFunction =>
      new RuntimeFunction(this, fn.placeholder, {
        ...fn,
        architecture,
        data: { layer: props.queryEngine, ephemeralStorageMb: fn.ephemeralStorageMb },
        description: shortened(`Runs ${fn.steps.join(', ')} (pipeline ${plan.name})`),
        code: props.code(sharedKey(sharedFunction(fn)), specsOf(allSteps, fn.steps)),
        environment: {
          ...fn.environment,
          ...settings,
          ...reports.environment,
          DAYBREAK_SCRATCH_MB: String(fn.ephemeralStorageMb),
          ...(Object.keys(fn.secrets).length > 0 && { DAYBREAK_SECRETS: JSON.stringify(fn.secrets) }),
        },
        identity: identities(fn),
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
      code: props.code(entryKey(reconcile), {}),
      environment: {
        ...settings,
        ...queue,
        ...reports.environment,
        DAYBREAK_PIPELINE: plan.name,
        DAYBREAK_MACHINE: machineArn(this),
      },
      identity: new FunctionIdentity(this, `${reconcile.placeholder}Identity`, [
        ...storeGrants(store, reconcile.access(plan.name)),
        letterGrant,
        reports.grant,
        { actions: ['states:ListExecutions', 'states:DescribeStateMachine'], resources: [machineArn(this)] },
        askGrant,
      ]),
    });
  }

  /** Makes one identity for all functions with the same secrets and permissions; a separate function has its own. Each may write the objects of its steps. */
  #identities({ plan, machine, store }: PipelineFunctionsProps, signalGrant: Grant, reportGrant: Grant) {
    const keyOf = (fn: StepFunction): string =>
      plan.functions === 'separate' && fn.modules.some(({ work }) => work.kind === 'handler')
        ? fn.placeholder
        : nameOfPermissions(fn);
    const wakers = new Set(plan.steps.filter(({ wakes }) => Object.keys(wakes).length > 0).map(({ name }) => name));
    const groups = Map.groupBy(machine.functions, keyOf);
    const made = new Map(
      [...groups].map(([key, [first, ...others]]) => {
        const steps = [first, ...others].flatMap((fn) => fn?.steps ?? []);
        const grants = [
          ...storeGrants(store, stepsAccess(plan.name, steps)),
          reportGrant,
          ...(steps.some((step) => wakers.has(step)) ? [signalGrant] : []),
          ...(first ? [...secretGrants(first.secrets), ...declared(first, steps, plan.name)] : []),
        ];
        return [key, new FunctionIdentity(this, `${key}Identity`, grants)] as const;
      }),
    );
    return (fn: StepFunction): FunctionIdentity => {
      const identity = made.get(keyOf(fn));
      if (!identity) throw new Error(`the function "${fn.placeholder}" has no identity`);
      return identity;
    };
  }
}

/** Returns `Steps`, followed by a digest if the steps have secrets or permissions. */
function nameOfPermissions({ secrets, permissions }: StepFunction): string {
  const isPlain = Object.keys(secrets).length === 0 && permissions.length === 0;
  return isPlain ? 'Steps' : `Steps${digestOf({ secrets, permissions } as unknown as Json).slice(0, 8)}`;
}

/** Returns the grants for the template's `permissions`. */
const declared = ({ permissions }: StepFunction, steps: readonly string[], pipeline: string): Grant[] =>
  permissions.map(({ conditions, ...permission }) => ({
    ...permission,
    ...(conditions && { conditions }),
    because: `declared under permissions of ${steps.join(', ')} in the template of ${pipeline}, where it is reviewed`,
  }));
