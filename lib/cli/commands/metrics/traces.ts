import type { JsonObject } from '../../../contract/json.ts';
import { otlpTraces } from '../../../metrics/traces/otlp.ts';
import { type TraceSpan, traceIdOf } from '../../../metrics/traces/span.ts';
import { spansOfEvents } from '../../../metrics/traces/spans-of-events.ts';
import { spansOfReport } from '../../../operate/metrics/spans-of-report.ts';
import type { RunReport } from '../../../operate/runs/run-report.ts';
import { readFolderEvents } from '../../../ports/folder/read-folder-events.ts';
import { localEventsFolder } from '../../../ports/open-events.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { collectorOf, sendTraces } from '../../metrics/send-traces.ts';
import { counted } from '../../render/format.ts';
import { chosenRun } from '../../typed/chosen/chosen-run.ts';
import { openPlace, pipelineIn } from '../../typed/place.ts';
import { forPrograms } from './for-programs.ts';

/** Exports a run as a trace: to a collector if one is named, or as a text. */
export async function traces(invocation: Invocation, context: Context): Promise<Answer> {
  const { args, option } = invocation;
  const collector = collectorOf(option('otlp'), context.io.env);
  const place = await openPlace(invocation, context);
  const report = await chosenRun(await pipelineIn(place, args[0] ?? '', context), args[1] ?? null, place);
  const spans = await spansOf(report);
  const document = otlpTraces(spans);
  if (collector === null) return forPrograms(document, (made) => `${JSON.stringify(made, null, 2)}\n`, context);
  await sendTraces(collector, document);
  const trace = traceIdOf(report);
  const json: JsonObject = {
    pipeline: report.pipeline,
    run_id: report.run_id,
    trace_id: trace,
    spans: spans.length,
    collector: collector.url.origin,
  };
  return {
    exitCode: 0,
    json,
    text: `sent ${counted(spans.length, 'span')} of run ${report.run_id} to ${collector.url.origin}: trace ${trace}`,
  };
}

/** From the events of all executions, where the store keeps them: they know each attempt. A deployed store has the records alone. */
async function spansOf(report: RunReport): Promise<TraceSpan[]> {
  if (!report.store.startsWith('file:')) return spansOfReport(report);
  const events = await readFolderEvents(localEventsFolder(report.store), report);
  const spans = spansOfEvents(events);
  return spans.length > 0 ? spans : spansOfReport(report);
}
