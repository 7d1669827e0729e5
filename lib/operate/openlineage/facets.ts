/** Facets of OpenLineage, in the versions of its specification 2-0-2 (https://openlineage.io/spec). */
import type { JsonObject } from '../../contract/json.ts';
import { directKinds, type LineageInput, type QueryLineage } from '../../contract/lineage/column-lineage.ts';
import type { CheckResult } from '../../contract/records/data-check.ts';
import type { DatasetEntry } from '../../contract/records/dataset.ts';

/** The producer in all events. The number grows when Daybreak makes another form of events. */
export const producer = 'urn:daybreak:openlineage:1';

const facet = (name: string, version: string, fields: JsonObject): JsonObject => ({
  _producer: producer,
  _schemaURL: `https://openlineage.io/spec/facets/${version}/${name}.json#/$defs/${name}`,
  ...fields,
});

/** A job or a dataset by its name. */
export interface Named {
  readonly namespace: string;
  readonly name: string;
}

export function jobTypeFacet(jobType: 'PIPELINE' | 'STEP' | 'CHECKS'): JsonObject {
  return facet('JobTypeJobFacet', '2-0-4', { processingType: 'BATCH', integration: 'DAYBREAK', jobType });
}

export function parentFacet(job: Named, runId: string): JsonObject {
  return facet('ParentRunFacet', '1-2-0', {
    run: { runId },
    job: { ...job },
    root: { run: { runId }, job: { ...job } },
  });
}

export function nominalTimeFacet(nominalStartTime: string): JsonObject {
  return facet('NominalTimeRunFacet', '1-0-1', { nominalStartTime });
}

export function errorFacet(message: string, programmingLanguage: string): JsonObject {
  return facet('ErrorMessageRunFacet', '1-0-1', { message, programmingLanguage });
}

export function sqlFacet(query: string): JsonObject {
  return facet('SQLJobFacet', '1-1-0', { query, dialect: 'duckdb' });
}

export function sourceFacet(source: {
  readonly url: string;
  readonly path: string;
  readonly version: string;
}): JsonObject {
  return facet('SourceCodeLocationJobFacet', '1-1-0', { type: 'git', ...source });
}

/** The columns of a dataset, and the digest of its content as its version. */
export function datasetFacets({
  columns,
  content_digest,
}: Pick<DatasetEntry, 'columns' | 'content_digest'>): JsonObject {
  const fields = Object.entries(columns).map(([name, type], index) => ({ name, type, ordinal_position: index + 1 }));
  return {
    schema: facet('SchemaDatasetFacet', '1-2-0', { fields }),
    version: facet('DatasetVersionDatasetFacet', '1-0-1', { datasetVersion: content_digest }),
  };
}

export function statisticsFacet({ rows, bytes, parts }: DatasetEntry): JsonObject {
  return facet('OutputStatisticsOutputDatasetFacet', '1-0-2', { rowCount: rows, size: bytes, fileCount: parts.length });
}

export function assertionsFacet(checks: readonly CheckResult[]): JsonObject {
  const assertions = checks.map(({ check, kind, on_violation, passed, measured, allowed }) => ({
    assertion: kind,
    success: passed,
    severity: on_violation === 'block' ? 'error' : 'warn',
    name: check,
    expected: allowed,
    ...(measured !== null && { actual: measured }),
  }));
  return facet('DataQualityAssertionsDatasetFacet', '1-1-0', { assertions });
}

/** Columns whose lineage is not known are left out: no field of the facet could say so. Inputs that are rows have no column, and are only among the inputs of the event. */
export function columnLineageFacet(
  lineage: QueryLineage,
  datasetOf: (step: string, dataset: string) => Named,
): JsonObject {
  const fieldsOf = (inputs: readonly LineageInput[]): JsonObject[] =>
    inputs.flatMap(({ step, dataset, column, kinds }) =>
      column === null
        ? []
        : [{ ...datasetOf(step, dataset), field: column, transformations: kinds.map(transformation) }],
    );
  const known = lineage.columns.filter(({ unknown }) => unknown === undefined);
  const fields = Object.fromEntries(known.map(({ name, inputs }) => [name, { inputFields: fieldsOf(inputs) }]));
  return facet('ColumnLineageDatasetFacet', '1-2-0', { fields, dataset: fieldsOf(lineage.rows) });
}

const transformation = (kind: LineageInput['kinds'][number]): JsonObject => ({
  type: (directKinds as readonly string[]).includes(kind) ? 'DIRECT' : 'INDIRECT',
  subtype: kind.toUpperCase(),
  description: '',
  masking: false,
});
