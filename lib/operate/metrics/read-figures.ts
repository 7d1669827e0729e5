import { historyKey } from '../../contract/object-keys.ts';
import type { RunHistory } from '../../contract/records/history.ts';
import { figuresOf, type PipelineFigures } from '../../metrics/pipeline-figures.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';
import { readDeadlines } from '../deadlines/keep-deadlines.ts';
import { onTimeOf } from '../deadlines/on-time.ts';

/** A pipeline, and the seconds within which a run should succeed, where a schedule says so. */
export interface WatchedPipeline {
  readonly name: string;
  readonly expectedWithin: number | null;
  /** False if its template has no deadline: then no one has looked at any. */
  readonly mayHaveDeadlines: boolean;
}

/** Requests at the same time. */
const width = 8;

/** Reads the figures of pipelines: one request for each, and one for its deadlines, however many runs there are. A damaged record counts as none; the next run replaces it. */
export async function readFigures(
  store: ObjectStore,
  pipelines: readonly WatchedPipeline[],
  now: number,
): Promise<PipelineFigures[]> {
  return eachOf(pipelines, width, async ({ name, expectedWithin, mayHaveDeadlines }) => {
    const [history, deadlines] = await Promise.all([
      readIntact<RunHistory>(store, historyKey(name)),
      mayHaveDeadlines ? readDeadlines(store, name) : null,
    ]);
    const ofRuns = deadlines && onTimeOf(deadlines, now).find(({ step }) => step === null);
    return figuresOf(name, history, { expectedWithin, onTime: ofRuns ?? null });
  });
}
