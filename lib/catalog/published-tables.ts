import { parseColumns } from '../columns/columns.ts';
import { PermanentError } from '../contract/errors.ts';
import { digestOf } from '../contract/fingerprint.ts';
import { tableListsPrefix } from '../contract/object-keys.ts';
import type { Pointer } from '../contract/published/pointer.ts';
import type { PublishedDataset, PublishedVersion } from '../contract/published/published-version.ts';
import { tableNames } from '../contract/published/table-names.ts';
import type { CatalogTable, ObjectStore } from '../ports/ports.ts';
import { readVersion } from '../runtime/publish/published-record.ts';
import { eachOf } from '../runtime/records/each-of.ts';
import { glueType } from './glue-type.ts';

/** A table as the pointer has it, and the text that lists its files. */
export interface PublishedTable extends CatalogTable {
  /** Key of the list. A list is never changed: other files are under another key. */
  readonly listKey: string;
  readonly list: string;
}

/** Records of versions that are read at the same time. */
const width = 16;

/** Glue's limit for the name of a column. */
const longestName = 255;

/**
 * The tables of everything that readers see, by the pointer alone: each has the files of the current version of every partition. Columns are those of the newest version. A dataset that cannot be a
 * table is in `faults`, with the reason. `known` keeps the records of versions, which never change, for the next call.
 */
export async function publishedTables(
  store: ObjectStore,
  pointer: Pointer,
  known = new Map<number, PublishedVersion>(),
): Promise<{ readonly tables: readonly PublishedTable[]; readonly faults: readonly string[] }> {
  const numbers = pointer.partitions
    .flatMap(({ current }) => (current === null ? [] : [current]))
    .sort((a, b) => a - b);
  const versions = await eachOf(numbers, width, async (version) => {
    const record = known.get(version) ?? (await readVersion(store, pointer.pipeline, version));
    known.set(version, record);
    return record;
  });
  const datasets = new Map<string, PublishedDataset[]>();
  for (const { datasets: own } of versions)
    for (const one of own) {
      const name = JSON.stringify([one.step, one.dataset]);
      datasets.set(name, [...(datasets.get(name) ?? []), one]);
    }
  const newest = [...datasets.values()].map((all) => ({ ...(all.at(-1) as PublishedDataset), all }));
  const tables: PublishedTable[] = [];
  const faults: string[] = [];
  for (const [name, dataset] of tableNames(newest)) {
    try {
      tables.push(tableOf(store, pointer, { name, dataset, versions: numbers }));
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      faults.push(`${dataset.step}.${dataset.dataset}: ${error.message}`);
    }
  }
  return { tables, faults };
}

interface Making {
  readonly name: string;
  readonly dataset: PublishedDataset & { readonly all: readonly PublishedDataset[] };
  readonly versions: readonly number[];
}

function tableOf(store: ObjectStore, { pipeline }: Pointer, { name, dataset, versions }: Making): PublishedTable {
  const columns = parseColumns(dataset.dataset, dataset.columns).map((column) => {
    if (column.name.length > longestName || /[\r\n]/.test(column.name))
      throw new PermanentError(
        `the column ${JSON.stringify(column.name)} has a name that a table of the catalog cannot have`,
      );
    return { name: column.name.toLowerCase(), type: glueType(column.type) };
  });
  const parts = dataset.all.flatMap((one) => one.parts);
  const list = parts.map(({ key }) => `${store.url}/${key}\n`).join('');
  const folder = `${tableListsPrefix(pipeline)}${name}/${digestOf(list).slice(0, 24)}/`;
  return {
    name,
    description: `${dataset.step}.${dataset.dataset} of pipeline ${pipeline}`,
    columns,
    location: `${store.url}/${folder}`,
    parameters: {
      'daybreak:pipeline': pipeline,
      'daybreak:dataset': `${dataset.step}.${dataset.dataset}`,
      'daybreak:version': String(versions.at(-1) ?? 0),
      'daybreak:rows': String(dataset.all.reduce((sum, { rows }) => sum + rows, 0)),
      'daybreak:content': digestOf([columns, list] as never).slice(0, 24),
    },
    listKey: `${folder}files.txt`,
    list,
  };
}
