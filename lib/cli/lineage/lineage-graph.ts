/** The columns of all datasets of a project, and where each comes from, as the templates say it. */
import type { LoadedAnalysis } from '../../compiler/load-analysis.ts';
import type { LineageKind, QueryLineage } from '../../contract/lineage/column-lineage.ts';

/** A dataset of a step, or, where `dataset` is null, the result of the step. */
export interface Place {
  readonly pipeline: string;
  readonly step: string;
  readonly dataset: string | null;
}

/** A column, or, where `column` is null, the dataset's rows. */
export interface ColumnPlace extends Place {
  readonly column: string | null;
}

export interface DatasetNode extends Place {
  /** Null: only a run knows them. */
  readonly columns: readonly string[] | null;
  /** The file of the query or the step handler, or null. */
  readonly file: string | null;
  /** Null: a step handler makes it, or the query's tables are not known before a run. */
  readonly lineage: QueryLineage | null;
  /** The reason why the lineage is not known, or only in part; null if it is. */
  readonly unknown: string | null;
  /** Datasets that it may come from, where the lineage is not known. */
  readonly maybe: readonly Place[];
}

/** One input of a column. */
export interface Edge {
  readonly from: ColumnPlace;
  /** Column null: every column of the dataset, since the input decides its rows. */
  readonly to: ColumnPlace;
  readonly kinds: readonly LineageKind[];
}

export class LineageGraph {
  readonly datasets: readonly DatasetNode[];
  readonly edges: readonly Edge[];
  readonly #byPlace: ReadonlyMap<string, DatasetNode>;

  constructor(datasets: readonly DatasetNode[]) {
    this.datasets = datasets;
    this.edges = datasets.flatMap(edgesOf);
    this.#byPlace = new Map(datasets.map((node) => [placeKey(node), node]));
  }

  find(place: Place): DatasetNode | null {
    return this.#byPlace.get(placeKey(place)) ?? null;
  }
}

export function placeKey({ pipeline, step, dataset }: Place): string {
  return JSON.stringify([pipeline, step, dataset]);
}

export function columnKey({ column, ...place }: ColumnPlace): string {
  return JSON.stringify([placeKey(place), column]);
}

function edgesOf({ pipeline, step, dataset, lineage }: DatasetNode): Edge[] {
  if (!lineage) return [];
  const edge = (column: string | null, input: QueryLineage['rows'][number]): Edge => {
    const { kinds, ...from } = input;
    return { from: { pipeline, ...from }, to: { pipeline, step, dataset, column }, kinds };
  };
  return [
    ...lineage.columns.flatMap(({ name, inputs }) => inputs.map((input) => edge(name, input))),
    ...lineage.rows.map((input) => edge(null, input)),
  ];
}

/** The datasets of one pipeline, in the order of its steps. */
export function datasetsOf({ analysis, variants: [chosen] }: LoadedAnalysis): DatasetNode[] {
  if (!analysis?.graph || !chosen) return [];
  const { template, graph, queries } = analysis;
  const { datasets: known } = chosen;
  return graph.names.flatMap((name) => {
    const step = template.steps.find((one) => one.name === name);
    const sources = queries.get(name)?.sources ?? [];
    // The result of a step handler stands for all that only a run tells of it.
    const names: (string | null)[] = [...(known.names(name) ?? []), ...(step?.sql && !step.sql.result ? [] : [null])];
    const dependencies = graph.dependencies.get(name) ?? [];
    const maybe = dependencies.flatMap((other) =>
      [...(known.names(other) ?? []), null].map((dataset) => ({ pipeline: template.name, step: other, dataset })),
    );
    return names.map((dataset): DatasetNode => {
      const lineage = known.lineage(name, dataset);
      const source = sources.find((one) => one.dataset === dataset);
      const declared = dataset === null ? null : known.columnNames(name, dataset);
      const unknown = step?.sql ? unknownOf(lineage) : 'code makes it, and is not followed';
      return {
        pipeline: template.name,
        step: name,
        dataset,
        columns: declared ?? lineage?.columns.map((column) => column.name) ?? null,
        file: source?.file ?? (step?.sql ? null : (step?.handler?.entry ?? null)),
        lineage,
        unknown,
        maybe: lineage === null ? maybe : [],
      };
    });
  });
}

const unknownOf = (lineage: QueryLineage | null): string | null =>
  lineage === null
    ? 'the columns that its query reads are known only in a run; declare them under `outputs`'
    : (lineage.unknown ?? lineage.columns.find(({ unknown }) => unknown !== undefined)?.unknown ?? null);
