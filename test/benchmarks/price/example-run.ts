/** One run of the 9-step example, customer_analytics, with counting ports: its steps, and handlers that store and read as much as the example's do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { observedOnBus } from '../../../lib/contract/events/observed-types.ts';
import { platformFunctions } from '../../../lib/contract/platform-functions.ts';
import { VirtualClock } from '../../../lib/offline/asl/virtual-clock.ts';
import { packageRoot } from '../../../lib/package/package-files.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { SystemClock } from '../../../lib/ports/system-clock.ts';
import { takeEvents } from '../../../lib/runtime/incidents/keep-incidents.ts';
import { type Counted, countRun } from '../../runtime/requests/request-counts.ts';
import { compiled } from '../../support/compiled.ts';
import type { PricedUnit } from './list-prices.ts';

/** The stored data and effects of a step, and its time. `reads` names the datasets that it reads; without it, it reads all of its dependencies. */
interface Work {
  readonly datasets?: string[];
  readonly reads?: string[];
  readonly files?: string[];
  readonly once?: string[];
  readonly seconds: number;
}

/** Datasets, files and effects of each step, as `npm start` lists them (README.md, "Try the example"), and the seconds that it took there, on two cores. */
const work: Readonly<Record<string, Work>> = {
  extract_orders: { datasets: ['orders', 'recent_orders'], seconds: 1.9 },
  extract_users: { datasets: ['users'], seconds: 3.0 },
  extract_products: { datasets: ['products'], seconds: 0.867 },
  validate_data_quality: { reads: ['orders', 'users'], seconds: 0.373 },
  transform_customer_metrics: { datasets: ['customer_metrics', 'daily_revenue', 'recent_days'], seconds: 0.592 },
  transform_product_metrics: {
    datasets: ['sold_codes', 'product_metrics', 'shipping_and_fees', 'day_sales'],
    seconds: 0.473,
  },
  generate_insights: { files: ['insights.json'], seconds: 0.358 },
  update_dashboard: { files: ['dashboard.html', 'dashboard.json'], seconds: 0.052 },
  send_notifications: { once: ['#data-team'], seconds: 0.059 },
};

/** Keys that shape the machine. The others do not change what it asks of AWS. */
const shaping = ['name', 'dependencies', 'retry', 'timeout', 'memory_mb', 'severity', 'optional', 'trigger_rule'];

const template = parse(readFileSync(join(packageRoot, 'pipelines/customer_analytics.yaml'), 'utf8')) as {
  readonly steps: readonly {
    readonly name: string;
    readonly secrets?: Record<string, string>;
    readonly sql?: unknown;
  }[];
};

const withoutKeys = ['input_schema', 'schedule', 'alerts', 'deadline', 'expected_duration'];

/** The example's steps with handlers in place of queries, without schemas and checks, which need its data. */
const exampleWithout = (...more: string[]) =>
  compiled(
    stringify({
      ...template,
      ...Object.fromEntries([...withoutKeys, ...more].map((key) => [key, undefined])),
      steps: template.steps.map((step) => ({
        ...Object.fromEntries(Object.entries(step).filter(([key]) => shaping.includes(key))),
        handler: { callable: step.name },
      })),
    }),
  );

export const example = exampleWithout();

export interface ExampleCounts {
  readonly counted: Counted;
  /** The units that AWS bills for one run. */
  readonly units: Readonly<Record<PricedUnit, number>>;
}

/** Seconds that S3 takes for a request: a platform function does nothing else. */
const secondsOfRequest = 0.025;

/** Runs the example twice: with real data, for the requests; and on a virtual clock, for the time of the platform's functions. */
export async function countExample(): Promise<ExampleCounts> {
  const counted = await countRun(example, {
    input: {},
    clock: new SystemClock(),
    latency: 0,
    handlerOf:
      ({ name, dependencies }) =>
      async (step) => {
        let read = 0;
        for (const before of dependencies) {
          for (const dataset of (work[before]?.datasets ?? []).filter(
            (one) => work[name]?.reads?.includes(one) ?? true,
          ))
            for await (const batch of step.rows(`${before}.${dataset}`)) read += batch.length;
          for (const file of work[before]?.files ?? []) await step.readFile(before, file);
        }
        for (const dataset of work[name]?.datasets ?? [])
          await step.write(dataset, [{ id: 1 }], { columns: { id: 'INTEGER' } });
        for (const file of work[name]?.files ?? []) await step.file(file, 'text');
        for (const key of work[name]?.once ?? []) await step.once(key, () => undefined);
        return { read };
      },
  });
  // On the virtual clock handlers write nothing that could be published. The time of Finalize for publishing, some requests after each other, is left out: less than $0.005 of 1,000 runs.
  const timed = await countRun(exampleWithout('publish'), {
    input: {},
    clock: new VirtualClock(),
    latency: secondsOfRequest * 1000,
    handlerOf: () => () => ({}),
  });
  return { counted, units: unitsOf(counted, timed, await countIncidents(counted)) };
}

/** The work of the function of incidents for the events that it hears: an invocation for each, and the requests of all. */
async function countIncidents({ sent }: Counted): Promise<Record<'invocation' | 's3Get' | 's3Put', number>> {
  const store = new MemoryObjectStore();
  const count = { invocation: 0, s3Get: 0, s3Put: 0 };
  const counting = Object.assign(Object.create(store) as MemoryObjectStore, {
    get: (key: string) => {
      count.s3Get += 1;
      return store.get(key);
    },
    put: (...args: Parameters<MemoryObjectStore['put']>) => {
      count.s3Put += 1;
      return store.put(...args);
    },
  });
  for (const event of sent.filter(({ type }) => (observedOnBus as readonly string[]).includes(type))) {
    count.invocation += 1;
    await takeEvents({ store: counting, clock: new SystemClock() }, event.pipeline, [event]);
  }
  return count;
}

function unitsOf(
  counted: Counted,
  timed: Counted,
  incidents: Awaited<ReturnType<typeof countIncidents>>,
): Record<PricedUnit, number> {
  const requests = (pattern: RegExp): number =>
    Object.entries(counted.by).reduce((sum, [what, number]) => sum + (pattern.test(what) ? number : 0), 0);
  const reports = Object.values(counted.reports).flat();
  const memoryOf = new Map(
    Object.values(platformFunctions).map(({ placeholder, memoryMb }) => [placeholder as string, memoryMb]),
  );
  const platform = Object.entries(timed.seconds).flatMap(([fn, seconds]) =>
    fn === 'Step' ? [] : [(seconds * (memoryOf.get(fn) ?? 0)) / 1024],
  );
  const steps = example.plan.steps.map(({ name, memoryMb }) => ((work[name]?.seconds ?? 0) * memoryMb) / 1024);
  const ofIncidents =
    ((incidents.s3Get + incidents.s3Put) * secondsOfRequest * platformFunctions.incidents.memoryMb) / 1024;
  return {
    transition: counted.transitions,
    invocation: Object.values(counted.invocations).reduce((sum, number) => sum + number, 0) + incidents.invocation,
    gbSecond: [...platform, ...steps].reduce((sum, one) => sum + one, ofIncidents),
    s3Put: requests(/ (put|write|upload|list) /) + incidents.s3Put,
    s3Get: requests(/ (get|read|download) /) + incidents.s3Get,
    event: reports.reduce((sum, events) => sum + events.length, 0),
    sqsRequest: 0,
    secretRequest: template.steps.reduce((sum, { secrets }) => sum + Object.keys(secrets ?? {}).length, 0),
  };
}
