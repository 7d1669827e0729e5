import { followRun } from '../../operate/runs/follow-run.ts';
import { SystemClock } from '../../ports/system-clock.ts';
import type { Answer } from '../command.ts';
import type { Context } from '../context.ts';
import type { KnownPipeline } from '../typed/pipeline-ref.ts';
import type { Place } from '../typed/place.ts';
import type { LogChunk, LogReader } from './log-chunk.ts';
import { logHeading, logJson, logLines } from './render-log.ts';

/** Milliseconds between looks. A look on this machine reads files; a look on AWS costs requests. */
const everyMs = { local: 250, remote: 2_000 };

interface Following {
  readonly pipeline: KnownPipeline;
  readonly place: Place;
  readonly runId: string;
  readonly reader: LogReader;
}

/** Prints the lines of a run as they come, until the run ends or an interrupt. With `--json` each line is one JSON document. */
export async function followLog({ pipeline, place, runId, reader }: Following, context: Context): Promise<Answer> {
  const stop = new AbortController();
  const release = context.onInterrupt(() => stop.abort());
  const print = printer(context);
  const options = {
    store: place.store,
    executions: place.executions,
    clock: new SystemClock(),
    steps: pipeline.steps,
    everyMs: place.deployed ? Number(context.io.env.DAYBREAK_POLL_MS) || everyMs.remote : everyMs.local,
  };
  let status = 'RUNNING';
  try {
    for await (const report of followRun({ pipeline: pipeline.name, run_id: runId }, options, stop.signal)) {
      status = report.status;
      // Reading after the status: lines of an ended run are all there.
      print(await reader.read());
    }
  } finally {
    release();
  }
  const text = `${context.paint(pipeline.name, 'bold')} run ${context.paint(runId)} ${context.paint(status)}`;
  return { exitCode: context.interrupted ?? 0, json: null, text };
}

function printer({ io, json, paint }: Context): (chunks: readonly LogChunk[]) => void {
  let last = '';
  return (chunks) => {
    for (const chunk of chunks) {
      if (json) {
        const { lines, earlier_lines: _, ...owner } = logJson(chunk);
        for (const line of lines as object[]) io.stdout.write(`${JSON.stringify({ ...owner, ...line })}\n`);
        continue;
      }
      const heading = logHeading(chunk, paint);
      const text = [...(heading === last ? [] : [heading]), ...logLines(chunk, paint)].join('\n');
      last = heading;
      io.stdout.write(`${text}\n`);
    }
  };
}
