/** Loads 20,000 rows in a separate process, which tests kill. */
import { loadPostgres } from '../../../lib/connectors/sinks.ts';
import { MemoryRun } from '../memory-step.ts';

const [url = '', run_id = '', first = '1'] = process.argv.slice(2);
const step = new MemoryRun().step();
const rows = Array.from({ length: 20_000 }, (_, index) => ({
  id: Number(first) + index,
  name: `n${Number(first) + index}`,
}));
process.send?.('begins');
await loadPostgres({ ...step, run: { ...step.run, run_id } }, rows, {
  url,
  table: 'target',
  columns: ['id', 'name'],
  mode: 'append',
});
