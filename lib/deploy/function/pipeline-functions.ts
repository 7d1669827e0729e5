import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { StepFunction } from '../../compiler/states/step-functions.ts';
import { digestOf } from '../../contract/fingerprint.ts';
import type { Json } from '../../contract/json.ts';
import { machineFunctions, type PlatformFunction, platformFunctions } from '../../contract/platform-functions.ts';
import type { MetricLevel } from '../../metrics/metric-table.ts';
import type { CodeFolder, CompiledTemplate } from '../compile/compiled-template.ts';
import { executionArns, machineArn } from '../machine-name.ts';
import { alertGrants } from './alert-access.ts';
import { catalogGrant, type PublishedCatalogPlace } from './catalog-access.ts';
import { deadlineSettingsOf } from './deadline-settings-of.ts';
import { reportSettings } from './event-reports.ts';
import { FunctionIdentity, type IdentitySettings } from './function-identity.ts';
import type { Grant } from './grant.ts';
import type { PipelineLayers } from './pipeline-layers.ts';
import { type FunctionSettings, RuntimeFunction } from './runtime-function.ts';
import { secretGrants } from './secret-access.ts';
import { type StorePlace, stepsAccess, storeGrants, storeUrl } from './store-access.ts';

export interface PipelineFunctionsProps {
  readonly compiled: CompiledTemplate;
  /** The name that the machine's own name comes from. */
  readonly name: string;
  /** The text for `--stack` that leads to this pipeline. */
  readonly stackOption: string;
  readonly store: StorePlace;
  /** The bus that takes the pipeline's events. */
  readonly eventBusArn: string;
  readonly deadLetters: Queue;
  /** Takes the events that the function of incidents could not take in. */
  readonly untaken: Queue;
  readonly layers: PipelineLayers;
  readonly settings: FunctionSettings;
  readonly identities: IdentitySettings;
  /** Of each function that runs steps; null for the account's. */
  readonly reservedConcurrency: number | null;
  /** The metrics that the functions report to CloudWatch. */
  readonly metrics: MetricLevel;
  /** The name of the store in these metrics. */
  readonly metricsStore: string;
  /** Runs that ended so many days ago are removed; null if no one removes them. */
  readonly keepDays: number | null;
  /** The database that has the published data as tables; null for none. */
  readonly catalog: PublishedCatalogPlace | null;
}

const shortened = (description: string): string => description.slice(0, 256);

/** The Lambda functions of one pipeline: those that run its steps, the platform's six, and where they are wanted those that tell people, look at deadlines, remove old runs, and keep the data catalog. */
export class PipelineFunctions extends Construct {
  /** The functions that the machine invokes, by placeholder. */
  readonly invoked: ReadonlyMap<string, RuntimeFunction>;
  readonly reconcile: RuntimeFunction;
  readonly incidents: RuntimeFunction;
  /** Null if no one is to hear of incidents. */
  readonly alerts: RuntimeFunction | null;
  /** Null without deadlines. */
  readonly deadlines: RuntimeFunction | null;
  /** Null if no one asks for lineage events. */
  readonly lineage: RuntimeFunction | null;
  /** Null if old runs stay. */
  readonly prune: RuntimeFunction | null;
  /** Null if the data catalog has no tables of the pipeline. */
  readonly catalog: RuntimeFunction | null;

  constructor(scope: Construct, id: string, props: PipelineFunctionsProps) {
    super(scope, id);
    const { compiled, store, deadLetters, settings, layers, name } = props;
    const { plan, machine, code } = compiled;
    const signalGrant: Grant = { actions: ['states:SendTaskSuccess'], resources: [machineArn(this, name)] };
    const askGrant: Grant = {
      actions: ['states:DescribeExecution'],
      resources: [executionArns(this, name)],
      because: 'any execution of this one machine: their names are not known before',
    };
    // The stack stands in commands of failures.
    const common = { DAYBREAK_STORE: storeUrl(store), DAYBREAK_STACK: props.stackOption };
    const letterGrant: Grant = { actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] };
    const queue = { DAYBREAK_QUEUE_URL: deadLetters.queueUrl };
    const reports = reportSettings(props.eventBusArn);
    const measures = props.metrics !== 'none' && {
      DAYBREAK_METRICS: props.metrics,
      DAYBREAK_METRICS_STORE: props.metricsStore,
    };
    const platform = (fn: PlatformFunction, own: { environment: Record<string, string>; grants: readonly Grant[] }) =>
      new RuntimeFunction(this, fn.placeholder, {
        ...fn,
        settings,
        layers: [layers.runtime],
        handler: `${fn.placeholder}.handler`,
        description: shortened(`${fn.purpose} (pipeline ${plan.name})`),
        code: codeIn(code.platform),
        environment: {
          ...common,
          ...(fn.sendsLetters && queue),
          ...(fn.reports && reports.environment),
          ...(fn.measures && measures),
          ...own.environment,
        },
        identity: new FunctionIdentity(
          this,
          `${fn.placeholder}Identity`,
          [
            ...storeGrants(store, fn.access(plan.name, plan.publish !== null)),
            ...(fn.signals ? [signalGrant] : []),
            ...(fn.asks ? [askGrant] : []),
            ...(fn.sendsLetters ? [letterGrant] : []),
            ...(fn.reports ? [reports.grant] : []),
            ...own.grants,
          ],
          props.identities,
        ),
      });

    const identities = this.#identities(props, signalGrant, reports.grant);
    const step = (fn: StepFunction): RuntimeFunction =>
      new RuntimeFunction(this, fn.placeholder, {
        ...fn,
        settings,
        layers: [layers.runtime, layers.queryEngine],
        handler: 'index.handler',
        steps: { ephemeralStorageMb: fn.ephemeralStorageMb, reservedConcurrency: props.reservedConcurrency },
        description: shortened(`Runs ${fn.steps.join(', ')} (pipeline ${plan.name})`),
        code: codeIn(code.steps[fn.placeholder]),
        environment: {
          ...fn.environment,
          ...common,
          ...reports.environment,
          DAYBREAK_SCRATCH_MB: String(fn.ephemeralStorageMb),
          ...(Object.keys(fn.secrets).length > 0 && { DAYBREAK_SECRETS: JSON.stringify(fn.secrets) }),
        },
        identity: identities(fn),
      });

    const none = { environment: {}, grants: [] };
    // Only if the deployment names it: otherwise each commit would make a new version of the function and of the machine.
    const commit = plan.publish ? (process.env.DAYBREAK_COMMIT ?? '') : '';
    const finalizeOwn = commit === '' ? none : { environment: { DAYBREAK_COMMIT: commit }, grants: [] };
    this.invoked = new Map([
      ...machineFunctions.map(
        (fn) => [fn.placeholder, platform(fn, fn === platformFunctions.finalize ? finalizeOwn : none)] as const,
      ),
      ...machine.functions.map((fn) => [fn.placeholder, step(fn)] as const),
    ]);
    this.reconcile = platform(platformFunctions.reconcile, {
      environment: { DAYBREAK_PIPELINE: plan.name, DAYBREAK_MACHINE: machineArn(this, name) },
      grants: [
        { actions: ['states:ListExecutions', 'states:DescribeStateMachine'], resources: [machineArn(this, name)] },
        askGrant,
      ],
    });
    this.incidents = platform(platformFunctions.incidents, {
      environment: { DAYBREAK_PIPELINE: plan.name },
      grants: [{ actions: ['sqs:SendMessage'], resources: [props.untaken.queueArn] }],
    });
    this.alerts =
      plan.alerts &&
      platform(platformFunctions.alerts, {
        environment: { DAYBREAK_PIPELINE: plan.name },
        grants: alertGrants(plan.alerts),
      });
    const receiverKey = plan.lineage?.api_key;
    this.lineage =
      plan.lineage &&
      platform(platformFunctions.lineage, {
        environment: {},
        grants: receiverKey ? secretGrants({ key: receiverKey }) : [],
      });
    const own = deadlineSettingsOf(plan);
    this.deadlines =
      own &&
      platform(platformFunctions.deadlines, {
        environment: { DAYBREAK_PIPELINE: plan.name, DAYBREAK_DEADLINES: JSON.stringify(own) },
        grants: [],
      });
    this.prune =
      props.keepDays === null
        ? null
        : platform(platformFunctions.prune, {
            environment: { DAYBREAK_PIPELINE: plan.name, DAYBREAK_KEEP_DAYS: String(props.keepDays) },
            grants: [],
          });
    this.catalog =
      props.catalog &&
      platform(platformFunctions.catalog, {
        environment: {
          DAYBREAK_PIPELINE: plan.name,
          DAYBREAK_CATALOG: props.catalog.database,
          DAYBREAK_TABLES: JSON.stringify(props.catalog.tables),
        },
        grants: [catalogGrant(this, props.catalog.database)],
      });
  }

  /** Makes one identity for all functions with the same secrets and permissions; a separate function has its own. Each may write the objects of its steps. */
  #identities({ compiled, store, identities }: PipelineFunctionsProps, signalGrant: Grant, reportGrant: Grant) {
    const { plan, machine } = compiled;
    const keyOf = (fn: StepFunction): string =>
      plan.functions === 'separate' && fn.modules.some(({ work }) => work.kind === 'handler')
        ? fn.placeholder
        : nameOfPermissions(fn);
    const wakers = new Set(plan.steps.filter(({ wakes }) => Object.keys(wakes).length > 0).map(({ name }) => name));
    const windows = new Set(plan.steps.filter(({ needs }) => needs !== null).map(({ name }) => name));
    const groups = Map.groupBy(machine.functions, keyOf);
    const made = new Map(
      [...groups].map(([key, [first, ...others]]) => {
        const steps = [first, ...others].flatMap((fn) => fn?.steps ?? []);
        const grants = [
          ...storeGrants(
            store,
            stepsAccess(
              plan.name,
              steps,
              steps.some((step) => windows.has(step)),
            ),
          ),
          reportGrant,
          ...(steps.some((step) => wakers.has(step)) ? [signalGrant] : []),
          ...(first ? [...secretGrants(first.secrets), ...declared(first, steps, plan.name)] : []),
        ];
        return [key, new FunctionIdentity(this, `${key}Identity`, grants, identities)] as const;
      }),
    );
    return (fn: StepFunction): FunctionIdentity => {
      const identity = made.get(keyOf(fn));
      if (!identity) throw new Error(`the function "${fn.placeholder}" has no identity`);
      return identity;
    };
  }
}

/** Passes code to the CDK, which copies it. */
const codeIn = (code: CodeFolder | undefined): Code => {
  if (!code) throw new Error('a function was not bundled');
  return Code.fromAsset(code.folder, { assetHash: code.digest });
};

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
