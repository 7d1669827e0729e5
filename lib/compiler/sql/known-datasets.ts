import type { QueryLineage } from '../../contract/lineage/column-lineage.ts';
import { earlierStep } from '../../contract/partitions/window.ts';
import { quarantineOf, reasonColumn } from '../../contract/records/data-check.ts';
import type { Template } from '../template/template.ts';
import type { StepQueries } from './read-queries.ts';

/** Column name to column type. */
export type KnownColumns = Readonly<Record<string, string>>;

/** The datasets of all steps, as far as they are known before a run; columns become known query by query. */
export class KnownDatasets {
  /** By step, by dataset; null where only a run will tell. */
  readonly #steps = new Map<string, Map<string, KnownColumns | null> | null>();

  readonly #results = new Map<string, KnownColumns>();

  /** By step, by dataset; the result's under null. */
  readonly #lineages = new Map<string, ReadonlyMap<string | null, QueryLineage>>();

  /** Datasets that steps read of earlier partitions: the step that makes each. */
  readonly #earlier = new Map<string, string>();

  constructor(template: Template, queries: ReadonlyMap<string, StepQueries>) {
    for (const { needs } of template.steps) if (needs) this.#earlier.set(needs.dataset, needs.step);
    for (const { name, sql, outputs } of template.steps) {
      const made = sql ? (queries.get(name)?.queries.datasets ?? []).map((dataset) => dataset.name) : null;
      const names = made ?? (outputs ? Object.keys(outputs) : null);
      const schemaOf = (dataset: string): KnownColumns | null => outputs?.[dataset]?.schema ?? null;
      this.#steps.set(name, names && new Map(names.map((dataset) => [dataset, schemaOf(dataset)])));
      for (const [dataset, { schema, checks }] of Object.entries(outputs ?? {}))
        if (checks.some(({ on_violation }) => on_violation === 'quarantine'))
          this.#steps.get(name)?.set(quarantineOf(dataset), schema && withReason(schema));
    }
  }

  /** Names of a step's datasets; null when only a run will tell. */
  names(step: string): readonly string[] | null {
    if (step === earlierStep && this.#earlier.size > 0) return [...this.#earlier.keys()];
    const datasets = this.#steps.get(step);
    return datasets ? [...datasets.keys()] : null;
  }

  /** The known facts about a step's datasets; empty if only a run knows their names. */
  of(step: string): Readonly<Record<string, KnownColumns | null>> {
    return Object.fromEntries(this.#steps.get(step) ?? []);
  }

  columns(step: string, dataset: string): KnownColumns | null {
    const source = step === earlierStep ? (this.#earlier.get(dataset) ?? step) : step;
    return this.#steps.get(source)?.get(dataset) ?? null;
  }

  /** Columns of the query that makes an SQL step's result; null if they are unknown, or the step has no such query. */
  result(step: string): KnownColumns | null {
    return this.#results.get(step) ?? null;
  }

  /** The names of a dataset's columns, also where the types depend on parameters; null if only a run knows them. */
  columnNames(step: string, dataset: string): readonly string[] | null {
    const columns = this.columns(step, dataset);
    if (columns !== null) return Object.keys(columns);
    const found = this.lineage(step, dataset)?.columns ?? [];
    return found.length > 0 ? found.map(({ name }) => name) : null;
  }

  /** The lineage of the query that makes a dataset, or the step's result if the dataset is null; null if a step handler makes it, or only a run knows the columns that the query reads. */
  lineage(step: string, dataset: string | null): QueryLineage | null {
    return this.#lineages.get(step)?.get(dataset) ?? null;
  }

  /** Takes in the lineage of a query. */
  learnLineage(step: string, dataset: string | null, lineage: QueryLineage): void {
    this.#lineages.set(step, new Map([...(this.#lineages.get(step) ?? []), [dataset, this.#ofSteps(lineage)]]));
  }

  /** The lineage with the steps that make the datasets of earlier partitions. */
  #ofSteps(lineage: QueryLineage): QueryLineage {
    const made = <P extends { readonly step: string; readonly dataset: string }>(place: P): P =>
      place.step === earlierStep ? { ...place, step: this.#earlier.get(place.dataset) ?? place.step } : place;
    return {
      ...lineage,
      columns: lineage.columns.map((column) => ({ ...column, inputs: column.inputs.map(made) })),
      rows: lineage.rows.map(made),
      reads: lineage.reads.map(made),
    };
  }

  /** Takes in the columns of a query: of a dataset, or of the step's result if the dataset is null. */
  learn(step: string, dataset: string | null, columns: KnownColumns): void {
    if (dataset === null) this.#results.set(step, columns);
    else {
      const datasets = this.#steps.get(step);
      datasets?.set(dataset, columns);
      if (datasets?.has(quarantineOf(dataset))) datasets.set(quarantineOf(dataset), withReason(columns));
    }
  }
}

const withReason = (columns: KnownColumns): KnownColumns => ({ ...columns, [reasonColumn]: 'VARCHAR' });
