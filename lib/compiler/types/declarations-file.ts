/** The file of generated types: one region for each pipeline, so that a pipeline's types change without a look at the others. */

const head = `// Written by \`daybreak types\` from the templates in pipelines/; \`check\` and \`run\` bring it up to date. Do not edit it.
// Commit it, so that handlers have their types in a fresh clone. After a merge conflict run \`npx daybreak types\`.
/* eslint-disable */
import type { Dataset, Json, JsonObject, ListColumn, MayBeMissing, ResultOf, StructColumn } from 'daybreak';
`;

const region = /^\/\/ #region (\S+)\n(.*?)^\/\/ #endregion$/gms;

/** The regions of a file by the names of pipelines; empty if the file has none. */
export function readRegions(text: string): Map<string, string> {
  return new Map(
    [...text.replaceAll('\r\n', '\n').matchAll(region)].map(([, name = '', body = '']) => [name, body.trimEnd()]),
  );
}

/** The file with these regions, in the order of their names. */
export function writeRegions(regions: ReadonlyMap<string, string>): string {
  const names = [...regions.keys()].sort();
  return [head, ...names.map((name) => `// #region ${name}\n${regions.get(name)}\n// #endregion\n`)].join('\n');
}
