/** OpenLineage run events of one execution, made of its settled records alone: each report of it has the same events. */
import type { JsonObject } from '../../contract/json.ts';
import type { StepSource } from '../../contract/lineage/lineage-setting.ts';
import type { ExecutionEnd } from '../../contract/records/execution.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import { boundedText } from '../../runtime/events/event-cause.ts';
import type { ExecutionFacts } from './execution-facts.ts';
import {
  assertionsFacet,
  columnLineageFacet,
  datasetFacets,
  errorFacet,
  jobTypeFacet,
  type Named,
  nominalTimeFacet,
  parentFacet,
  producer,
  sourceFacet,
  sqlFacet,
  statisticsFacet,
} from './facets.ts';
import { runUuid } from './run-uuid.ts';

export interface RunEventOptions {
  /** Of jobs and datasets. */
  readonly namespace: string;
  readonly sourceOf: (step: string) => StepSource | null;
  /** The repository's address and commit; null if they are not known. */
  readonly repository: { readonly url: string; readonly commit: string } | null;
}

type EventType = 'START' | 'COMPLETE' | 'FAIL' | 'ABORT';

/** In the order of their times: the run's start, each step's start and end, the checks of its datasets, the run's end. Steps that did not work in this execution have none. */
export function runEvents(facts: ExecutionFacts, options: RunEventOptions): JsonObject[] {
  return new Maker(facts, options).events();
}

class Maker {
  readonly #facts: ExecutionFacts;
  readonly #options: RunEventOptions;
  readonly #manifests: ReadonlyMap<string, Manifest>;
  readonly #job: Named;
  readonly #runId: string;

  constructor(facts: ExecutionFacts, options: RunEventOptions) {
    this.#facts = facts;
    this.#options = options;
    this.#manifests = new Map(
      facts.steps.flatMap(({ outcome, manifest }) => (manifest ? [[outcome.step, manifest]] : [])),
    );
    this.#job = { namespace: options.namespace, name: facts.pipeline };
    this.#runId = runUuid(facts.pipeline, facts.run_id, facts.execution);
  }

  events(): JsonObject[] {
    const { record, end, steps, scheduledTime } = this.#facts;
    const run = {
      job: { ...this.#job, facets: { jobType: jobTypeFacet('PIPELINE') } },
      run: {
        runId: this.#runId,
        facets: { ...(scheduledTime !== null && { nominalTime: nominalTimeFacet(scheduledTime) }) },
      },
    };
    const start = this.#event('START', record.started_at, run);
    const inside = steps
      .flatMap((step) => this.#step(step))
      .toSorted((a, b) => String(a.eventTime).localeCompare(String(b.eventTime)));
    return [start, ...inside, ...(end ? [this.#end(end, run)] : [])];
  }

  #event(eventType: EventType, eventTime: string, rest: JsonObject): JsonObject {
    const schemaURL = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent';
    return { eventType, eventTime, producer, schemaURL, inputs: [], outputs: [], ...rest };
  }

  #end(
    { status, ended_at, failure }: ExecutionEnd,
    { job, run }: { readonly job: JsonObject; readonly run: { readonly facets: JsonObject; readonly runId: string } },
  ): JsonObject {
    const facets = { ...run.facets, ...(failure && { errorMessage: errorFacet(messageOf(failure), 'YAML') }) };
    return this.#event(endings[status], ended_at, { job, run: { ...run, facets } });
  }

  #step({ outcome, manifest }: ExecutionFacts['steps'][number]): JsonObject[] {
    const { step, started_at, ended_at, failure } = outcome;
    const isEnd = outcome.outcome === 'succeeded' || outcome.outcome === 'failed';
    if (!isEnd || started_at === null) return [];
    const source = this.#sourceOf(step, manifest?.made_of.code ?? outcome.tried?.code ?? null);
    const job = { ...this.#stepJob(step), facets: this.#jobFacets(source) };
    const runId = runUuid(this.#facts.pipeline, this.#facts.run_id, this.#facts.execution, step);
    const parent = parentFacet(this.#job, this.#runId);
    const inputs = this.#inputs(step, manifest, source);
    const start = this.#event('START', started_at, { job, run: { runId, facets: { parent } }, inputs });
    if (outcome.outcome === 'failed') {
      const error = failure ?? { error: 'Error', cause: '' };
      const errorMessage = errorFacet(messageOf(error), source?.sql ? 'SQL' : 'TYPESCRIPT');
      return [start, this.#event('FAIL', ended_at, { job, run: { runId, facets: { parent, errorMessage } }, inputs })];
    }
    const outputs = manifest
      ? Object.keys(manifest.datasets).map((dataset) => this.#output(manifest, dataset, source))
      : [];
    const end = this.#event('COMPLETE', ended_at, { job, run: { runId, facets: { parent } }, inputs, outputs });
    return [start, end, ...(manifest ? this.#checks(manifest, ended_at) : [])];
  }

  /** The checks of a step's datasets are a separate job: in OpenLineage a checked dataset is an input. */
  #checks({ step, checks = [], datasets }: Manifest, at: string): JsonObject[] {
    const byDataset = Map.groupBy(
      checks.filter(({ dataset }) => dataset !== null),
      ({ dataset }) => dataset ?? '',
    );
    const made = new Map(Object.entries(datasets));
    const inputs = [...byDataset].map(([dataset, own]) => {
      const entry = made.get(dataset);
      return {
        ...this.#dataset(step, dataset),
        facets: entry ? datasetFacets(entry) : {},
        inputFacets: { dataQualityAssertions: assertionsFacet(own) },
      };
    });
    if (inputs.length === 0) return [];
    const { name } = this.#stepJob(step);
    const job = {
      namespace: this.#options.namespace,
      name: `${name}.checks`,
      facets: { jobType: jobTypeFacet('CHECKS') },
    };
    const runId = runUuid(this.#facts.pipeline, this.#facts.run_id, this.#facts.execution, step, 'checks');
    const run = { runId, facets: { parent: parentFacet(this.#job, this.#runId) } };
    return [this.#event('START', at, { job, run, inputs }), this.#event('COMPLETE', at, { job, run, inputs })];
  }

  #stepJob(step: string): Named {
    return { namespace: this.#options.namespace, name: `${this.#facts.pipeline}.${step}` };
  }

  #dataset(step: string, dataset: string): Named {
    return { namespace: this.#options.namespace, name: `${this.#facts.pipeline}.${step}.${dataset}` };
  }

  /** Null if the code that worked is not the code of the templates. */
  #sourceOf(step: string, code: string | null): StepSource | null {
    const source = this.#options.sourceOf(step);
    return source && source.code === code ? source : null;
  }

  #jobFacets(source: StepSource | null): JsonObject {
    const { repository } = this.#options;
    return {
      jobType: jobTypeFacet('STEP'),
      ...(source?.sql && { sql: sqlFacet(source.sql) }),
      ...(source?.file &&
        repository && {
          sourceCodeLocation: sourceFacet({ ...locate(repository, source.file), version: repository.commit }),
        }),
    };
  }

  /** The datasets that the queries name. Of a step handler no one knows which it reads: all datasets of its dependencies. */
  #inputs(step: string, manifest: Manifest | null, source: StepSource | null): JsonObject[] {
    const before = Object.keys(manifest?.made_of.upstream ?? {});
    const all = before.flatMap((name) =>
      Object.keys(this.#manifests.get(name)?.datasets ?? {}).map((dataset) => ({ step: name, dataset })),
    );
    const own = (source?.reads ?? all).filter((read) => read.step !== step);
    const once = new Map(own.map((read) => [JSON.stringify([read.step, read.dataset]), read]));
    return [...once.values()].map((read) => {
      const entry = new Map(Object.entries(this.#manifests.get(read.step)?.datasets ?? {})).get(read.dataset);
      return { ...this.#dataset(read.step, read.dataset), facets: entry ? datasetFacets(entry) : {} };
    });
  }

  #output({ step, datasets }: Manifest, dataset: string, source: StepSource | null): JsonObject {
    const entry = new Map(Object.entries(datasets)).get(dataset);
    const lineage = source?.lineage.find(([name]) => name === dataset)?.[1] ?? null;
    const isKnown = lineage !== null && lineage.unknown === undefined;
    const columnLineage = isKnown && columnLineageFacet(lineage, (from, name) => this.#dataset(from, name));
    return {
      ...this.#dataset(step, dataset),
      facets: { ...(entry && datasetFacets(entry)), ...(columnLineage && { columnLineage }) },
      outputFacets: { ...(entry && { outputStatistics: statisticsFacet(entry) }) },
    };
  }
}

const endings = { SUCCEEDED: 'COMPLETE', FAILED: 'FAIL', TIMED_OUT: 'FAIL', ABORTED: 'ABORT' } as const;

const messageOf = ({ error, cause }: { readonly error: string; readonly cause: string }): string =>
  boundedText(`${error}: ${cause}`, 1_000);

const locate = ({ url, commit }: { readonly url: string; readonly commit: string }, path: string) => ({
  url: `${url}/blob/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`,
  path,
});
