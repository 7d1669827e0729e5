import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PermanentError, ValidationError } from '../../../contract/errors.ts';
import type { StepWriter } from '../../../runtime/step.ts';
import { scratchFolder } from '../../scratch-folder.ts';
import { ident, type Sql, type SqlValue, sql } from '../sql.ts';
import { valueText } from '../value-text.ts';
import { CopyOut } from './copy-out.ts';
import { type Extract, type ExtractingStep, prepareExtract } from './extract.ts';
import { RowSpool } from './row-spool.ts';
import type { Snapshot } from './snapshot.ts';

/** Most connections: more are a burden for the server, and a function has at most six cores. */
const mostConnections = 8;

/** The step, the connection and the dataset of a parallel reading. */
export interface RangeExtraction {
  readonly step: ExtractingStep;
  readonly snapshot: Snapshot;
  readonly writer: StepWriter;
}

/**
 * Reads ranges of a query in parallel, each through its own connection that sees the same state, into one dataset, with the rows in the order of the ranges.
 * The first unfinished range goes straight into the dataset; later ranges wait in files.
 */
export async function extractRanges(
  extraction: RangeExtraction,
  extract: Extract,
  { by, bounds }: NonNullable<Extract['ranges']>,
): Promise<void> {
  const { dataset, connections = 2, key } = extract;
  if (key !== undefined)
    throw new PermanentError(
      `dataset "${dataset}": ranges are read side by side and have no cursor; give a key or ranges`,
    );
  if (!Number.isInteger(connections) || connections < 1 || connections > mostConnections)
    throw new PermanentError(`dataset "${dataset}": connections is a whole number from 1 to ${mostConnections}`);
  const { snapshot } = extraction;
  await checkBounds(snapshot, extract, { by, bounds });
  const ranges = conditions(by, bounds);
  const folder = await scratchFolder();
  const sources = [snapshot];
  const queue = new RangeQueue(ranges);
  try {
    while (sources.length < Math.min(connections, ranges.length)) sources.push(await snapshot.sibling());
    await Promise.all(
      sources.map(async (source) => {
        try {
          for (let range = queue.take(); range; range = queue.take()) {
            await readRange(extraction, source, {
              extract,
              range,
              spool: new RowSpool(join(folder, `${range.index}.csv`)),
            });
          }
        } catch (error) {
          queue.fail(error);
          throw error;
        }
      }),
    );
    await Promise.all(sources.slice(1).map((source) => source.close(false)));
  } finally {
    await Promise.all(sources.slice(1).map((source) => source.close(true)));
    await rm(folder, { recursive: true, force: true });
  }
}

/** The ranges. Every row is in exactly one of them; null belongs to the first. */
const conditions = (by: string, bounds: readonly SqlValue[]): Sql[] => {
  const column = ident(by);
  const [first, ...rest] = bounds;
  if (first === undefined) return [sql`true`];
  const inner = rest.map((bound, index) => sql`${column} >= ${bounds[index] ?? null} AND ${column} < ${bound}`);
  return [sql`${column} < ${first} OR ${column} IS NULL`, ...inner, sql`${column} >= ${bounds.at(-1) ?? null}`];
};

/** Only ascending bounds divide the rows; others would give rows twice. */
const checkBounds = async (
  snapshot: Snapshot,
  extract: Extract,
  { by, bounds }: NonNullable<Extract['ranges']>,
): Promise<void> => {
  const { found } = await prepareExtract(snapshot, extract, null);
  const wrong = (problem: string) => new ValidationError(`dataset "${extract.dataset}", ranges: ${problem}`);
  const column = found.find(({ name }) => name === by);
  if (column === undefined)
    throw wrong(`the column "${by}" is not among the columns ${found.map(({ name }) => name).join(', ')}`);
  const text = `
    SELECT coalesce(bool_and(coalesce(bound > before, false)), true) AS ascending
    FROM (SELECT bound, position, lag(bound) OVER (ORDER BY position) AS before
          FROM unnest($1::${column.type.cast}[]) WITH ORDINALITY AS b(bound, position)) AS pairs
    WHERE position > 1 OR bound IS NULL`;
  const { rows } = await snapshot.run('comparing the bounds', (client) =>
    client.query<{ ascending: boolean }>(text, [valueText(bounds, 1)]),
  );
  if (rows[0]?.ascending !== true) throw wrong(`the bounds must ascend, and none may be null`);
};

/** One range of a queue. `turn` resolves when all ranges before it are in the dataset. */
interface Range {
  readonly index: number;
  readonly condition: Sql;
  readonly turn: Promise<void>;
  /** Reports that the range is in the dataset. */
  end(): void;
  isDue(): boolean;
}

class RangeQueue {
  readonly #ranges: readonly Sql[];
  readonly #turns: PromiseWithResolvers<void>[];
  #taken = 0;
  #due = 0;

  constructor(ranges: readonly Sql[]) {
    this.#ranges = ranges;
    this.#turns = Array.from({ length: ranges.length + 1 }, () => Promise.withResolvers<void>());
    for (const { promise } of this.#turns) promise.catch(() => {});
    this.#turns[0]?.resolve();
  }

  take(): Range | null {
    const index = this.#taken;
    const condition = this.#ranges[index];
    const turn = this.#turns[index];
    if (condition === undefined || turn === undefined) return null;
    this.#taken += 1;
    return {
      index,
      condition,
      turn: turn.promise,
      isDue: () => this.#due === index,
      end: () => {
        this.#due = index + 1;
        this.#turns[index + 1]?.resolve();
      },
    };
  }

  fail(error: unknown): void {
    this.#taken = this.#ranges.length;
    for (const { reject } of this.#turns) reject(error);
  }
}

const readRange = async (
  { step, writer }: RangeExtraction,
  source: Snapshot,
  { extract, range, spool }: { readonly extract: Extract; readonly range: Range; readonly spool: RowSpool },
): Promise<void> => {
  const query = sql`SELECT * FROM (${extract.query}\n) AS ranged WHERE (${range.condition})`;
  const { copy } = await prepareExtract(source, { ...extract, query }, null);
  try {
    const rows = source.client.query(new CopyOut(copy)).chunks();
    for await (const chunk of source.read(`reading ${extract.dataset}`, rows)) {
      step.signal.throwIfAborted();
      if (range.isDue()) {
        await spool.drainInto(writer);
        await writer.appendCsv(chunk.bytes, chunk.rows, { isExact: true });
        await step.progress(writer.rowCount, extract.total ?? null);
      } else await spool.add(chunk.bytes, chunk.rows);
    }
    await range.turn;
    await spool.drainInto(writer);
    range.end();
  } finally {
    await spool.remove();
  }
};
