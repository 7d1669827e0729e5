/**
 * Runs one extraction as a step, from PostgreSQL to a committed dataset, in a separate process, and prints the costs as JSON. Arguments: URL, table, folder
 * of the store.
 */

import { extractPostgres } from '../../../lib/connectors/sources.ts';
import { FolderObjectStore } from '../../../lib/ports/folder/folder-object-store.ts';
import { aStep, attempt, memoryWorld } from '../../runtime/fixtures.ts';
import { benchmarkTables } from './tables.ts';

/** The printed JSON. */
export interface ExtractCosts {
  readonly rows: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
}

const [url = '', name = '', folder = ''] = process.argv.slice(2);
const table = benchmarkTables[name];
if (table === undefined) throw new Error(`no table ${name}`);
const world = { ...memoryWorld(), store: new FolderObjectStore(folder) };
const before = { cpu: process.cpuUsage(), wall: performance.now() };
let rows = 0;
const outcome = await attempt(world as never, { step: aStep('extract') }, async (step) => {
  rows = await extractPostgres(step, { url, dataset: 'rows', columns: table.columns, query: table.query });
});
if (outcome.outcome !== 'succeeded') throw new Error(JSON.stringify(outcome));
const { user, system } = process.cpuUsage(before.cpu);
const costs: ExtractCosts = {
  rows,
  wallMs: performance.now() - before.wall,
  cpuMs: (user + system) / 1000,
  peakMb: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(costs));
process.exit();
