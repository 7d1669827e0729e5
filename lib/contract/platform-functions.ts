/** The functions of the platform, one row each: the same code for every pipeline. Compiler, stack and offline engine read this table and nothing else. */
import type { StoreAccess } from './access.ts';
import { indexBaseKey, indexPrefix, listedLettersPrefix, listedRunsPrefix } from './index-keys.ts';
import {
  alertStateKey,
  changesPrefix,
  deadlinesKey,
  historyKey,
  incidentsKey,
  leasesPrefix,
  partitionLedgersPrefix,
  pointerKey,
  profileHistoriesPrefix,
  removalsPrefix,
  runsPrefix,
  sharedCausesKey,
  sharedDigestsKey,
  tableListsPrefix,
  versionsPrefix,
} from './object-keys.ts';

export interface PlatformFunction {
  /** Its name in a machine's definition, in a stack and in the offline engine. */
  readonly placeholder: string;
  /** Relative to the package's root. */
  readonly entry: string;
  readonly export: 'handler';
  /** One line for people. */
  readonly purpose: string;
  /** The objects of a pipeline that it reads and writes; more for two functions if the pipeline publishes. */
  readonly access: (pipeline: string, publishes?: boolean) => StoreAccess;
  /** May answer the tokens of steps that wait. */
  readonly signals: boolean;
  /** May ask whether an execution of the machine still runs. */
  readonly asks: boolean;
  /** Sends dead letters to the queue. */
  readonly sendsLetters: boolean;
  /** Reports events to the bus. */
  readonly reports: boolean;
  /** Prints metrics of ended runs. */
  readonly measures: boolean;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

/** A minute is far more than these need; 512 MB buys the CPU for a quick cold start. */
const small = {
  export: 'handler',
  signals: false,
  asks: false,
  sendsLetters: false,
  reports: true,
  measures: false,
  timeoutSeconds: 60,
  memoryMb: 512,
} as const;

/** Reads every outcome of a run: its time allows for 500 steps and a slow store. */
const large = { ...small, timeoutSeconds: 300 } as const;

const execution = (pipeline: string): string => `${runsPrefix(pipeline)}*/executions/*`;
const letters = (pipeline: string): string[] => [
  ...['dead-letters', 'sent'].map((folder) => `${execution(pipeline)}/${folder}/*.json`),
  `${listedLettersPrefix(pipeline)}*.json`,
];
const listed = (pipeline: string): string => `${listedRunsPrefix(pipeline)}*.json`;
const leases = (pipeline: string): string => `${leasesPrefix(pipeline)}*.json`;
const runs = (pipeline: string): string => `${runsPrefix(pipeline)}*`;
const ledgers = (pipeline: string): string => `${partitionLedgersPrefix(pipeline)}*.json`;
const removals = (pipeline: string): string => `${removalsPrefix(pipeline)}*.json`;
const version = (pipeline: string): string => `${versionsPrefix(pipeline)}*.json`;
const profiles = (pipeline: string): string => `${profileHistoriesPrefix(pipeline)}*.json`;
/** Manifests that people left for the execution that a function begins. */
const vouched = (pipeline: string): string => `${runs(pipeline)}/steps/*/manifests/*.json`;

export const platformFunctions = {
  prepare: {
    ...small,
    placeholder: 'Prepare',
    entry: 'lambdas/platform/prepare.ts',
    purpose: 'Checks the input and registers the execution',
    access: (pipeline) => ({
      reads: [runs(pipeline), leases(pipeline), removals(pipeline), ledgers(pipeline)],
      writes: [
        `${runs(pipeline)}/run.json`,
        `${execution(pipeline)}.json`,
        vouched(pipeline),
        listed(pipeline),
        leases(pipeline),
        ledgers(pipeline),
      ],
    }),
    asks: true,
  },
  wait: {
    ...small,
    placeholder: 'Wait',
    entry: 'lambdas/platform/wait.ts',
    purpose: 'Keeps the token of a step that waits for others',
    access: (pipeline) => ({ reads: [execution(pipeline)], writes: [`${execution(pipeline)}/waits/*.json`] }),
    signals: true,
    reports: false,
  },
  recordFailure: {
    ...small,
    placeholder: 'RecordFailure',
    entry: 'lambdas/platform/record-failure.ts',
    purpose: 'Settles a failed step and sends its dead letter',
    access: (pipeline) => ({
      reads: [runs(pipeline)],
      writes: [`${execution(pipeline)}/outcomes/*.json`, ...letters(pipeline)],
    }),
    signals: true,
    sendsLetters: true,
  },
  finalize: {
    ...large,
    placeholder: 'Finalize',
    entry: 'lambdas/platform/finalize.ts',
    purpose: 'Decides how the run ended',
    access: (pipeline, publishes = false) => ({
      reads: [
        runs(pipeline),
        leases(pipeline),
        historyKey(pipeline),
        ledgers(pipeline),
        profiles(pipeline),
        ...(publishes ? [pointerKey(pipeline), version(pipeline)] : []),
      ],
      writes: [
        ...(publishes ? [pointerKey(pipeline), version(pipeline), `${changesPrefix(pipeline)}*.json`] : []),
        ledgers(pipeline),
        historyKey(pipeline),
        profiles(pipeline),
        `${execution(pipeline)}/outcomes/*.json`,
        ...letters(pipeline),
        `${execution(pipeline)}/end.json`,
        listed(pipeline),
        leases(pipeline),
      ],
    }),
    sendsLetters: true,
    measures: true,
  },
  /** EventBridge calls it; the machine does not. */
  reconcile: {
    ...large,
    placeholder: 'Reconcile',
    entry: 'lambdas/platform/reconcile.ts',
    purpose: 'Adds the dead letters of an execution that died without them',
    access: (pipeline) => ({
      reads: [runs(pipeline), indexBaseKey(pipeline), historyKey(pipeline), removals(pipeline), ledgers(pipeline)],
      // `executions/*.json` is every record of an execution: number, end, dead letters, marks of sent ones. `index/*.json` is the whole index: the sweep makes its base.
      writes: [
        `${execution(pipeline)}.json`,
        vouched(pipeline),
        `${indexPrefix(pipeline)}*.json`,
        historyKey(pipeline),
        ledgers(pipeline),
      ],
    }),
    sendsLetters: true,
    measures: true,
  },
  /** EventBridge calls it; the machine does not. */
  incidents: {
    ...small,
    placeholder: 'Incidents',
    entry: 'lambdas/platform/incidents.ts',
    purpose: 'Keeps incidents: one per cause of trouble',
    access: (pipeline) => ({ reads: [incidentsKey(pipeline)], writes: [incidentsKey(pipeline)] }),
  },
  /** EventBridge calls it; the machine does not. Only pipelines with alerts have it. */
  alerts: {
    ...large,
    placeholder: 'Alerts',
    entry: 'lambdas/platform/alerts.ts',
    purpose: 'Tells people of incidents',
    // The records of executions say how often a step was tried, and what else has arrived.
    access: (pipeline) => ({
      reads: [incidentsKey(pipeline), alertStateKey(pipeline), execution(pipeline), sharedCausesKey, sharedDigestsKey],
      writes: [alertStateKey(pipeline), sharedCausesKey, sharedDigestsKey],
    }),
    reports: false,
  },
  /** EventBridge calls it; the machine does not. Only pipelines with `lineage` have it. */
  lineage: {
    ...large,
    placeholder: 'Lineage',
    entry: 'lambdas/platform/lineage.ts',
    purpose: 'Reports runs as OpenLineage events',
    access: (pipeline) => ({ reads: [runs(pipeline)], writes: [`${execution(pipeline)}/lineage.json`] }),
    reports: false,
  },
  /** Scheduler and EventBridge call it, for pipelines with a deadline; the machine does not. */
  deadlines: {
    ...small,
    placeholder: 'Deadlines',
    entry: 'lambdas/platform/deadlines.ts',
    purpose: 'Notices deadlines in danger, missed and met',
    access: (pipeline) => ({
      reads: [runs(pipeline), historyKey(pipeline), deadlinesKey(pipeline)],
      writes: [deadlinesKey(pipeline)],
    }),
    measures: true,
  },
  /** EventBridge calls it once a day, where the store removes old runs; the machine does not. */
  prune: {
    ...large,
    placeholder: 'Prune',
    entry: 'lambdas/platform/prune.ts',
    purpose: 'Removes old runs that nothing needs',
    // All of the pipeline's records say what refers to runs: letters, incidents, estimates, turns.
    access: (pipeline, publishes = false) => ({
      reads: [`${pipeline}/*`],
      writes: [indexBaseKey(pipeline), removals(pipeline), `${execution(pipeline)}/next.json`],
      deletes: [
        runs(pipeline),
        `${indexPrefix(pipeline)}*`,
        removals(pipeline),
        ...(publishes ? [version(pipeline)] : []),
      ],
    }),
    asks: true,
    reports: false,
    // The next day does the rest.
    timeoutSeconds: 900,
  },
  /** EventBridge calls it, for pipelines that publish; the machine does not. */
  catalog: {
    ...large,
    placeholder: 'Catalog',
    entry: 'lambdas/platform/catalog.ts',
    purpose: 'Keeps published data as tables of the data catalog',
    access: (pipeline) => ({
      reads: [pointerKey(pipeline), version(pipeline)],
      writes: [`${tableListsPrefix(pipeline)}*.txt`],
    }),
    reports: false,
  },
} as const satisfies Readonly<Record<string, PlatformFunction>>;

/** The functions that the machine itself invokes. */
export const machineFunctions: readonly PlatformFunction[] = [
  platformFunctions.prepare,
  platformFunctions.wait,
  platformFunctions.recordFailure,
  platformFunctions.finalize,
];
