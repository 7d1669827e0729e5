import { historyKey } from '../../contract/object-keys.ts';
import type { RunHistory } from '../../contract/records/history.ts';
import { figuresOf, type PipelineFigures } from '../../metrics/pipeline-figures.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';

/** A pipeline, and the seconds within which a run should succeed, where a schedule says so. */
export interface WatchedPipeline {
  readonly name: string;
  readonly expectedWithin: number | null;
}

/** Requests at the same time. */
const width = 8;

/** Reads the figures of pipelines: one request for each, however many runs there are. A damaged history counts as none; the next run replaces it. */
export async function readFigures(
  store: Pick<ObjectStore, 'get' | 'url'>,
  pipelines: readonly WatchedPipeline[],
): Promise<PipelineFigures[]> {
  return eachOf(pipelines, width, async ({ name, expectedWithin }) =>
    figuresOf(name, await readIntact<RunHistory>(store as ObjectStore, historyKey(name)), expectedWithin),
  );
}
