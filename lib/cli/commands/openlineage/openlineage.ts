import { setTimeout as pause } from 'node:timers/promises';
import { sendHttp } from '../../../alerts/send/send-http.ts';
import { lineageSources } from '../../../compiler/lineage-sources.ts';
import type { JsonObject } from '../../../contract/json.ts';
import { readExecutionFacts } from '../../../operate/openlineage/execution-facts.ts';
import { runEvents } from '../../../operate/openlineage/run-events.ts';
import { sourceCommit } from '../../../package/source-commit.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { loadValid } from '../../load.ts';
import { counted } from '../../render/format.ts';
import { chosenRun } from '../../typed/chosen/chosen-run.ts';
import { openPlace, pipelineIn } from '../../typed/place.ts';
import { UsageError } from '../../typed/usage-error.ts';

/** Reports a run to an OpenLineage receiver, or prints its events. They are made of the settled records, so each report of a run has the same ids and the same content. */
export async function openLineage(invocation: Invocation, context: Context): Promise<Answer> {
  const { args, option } = invocation;
  const { env } = context.io;
  const receiver = receiverOf(option('to') ?? env.OPENLINEAGE_URL ?? null);
  const place = await openPlace(invocation, context);
  const pipeline = await pipelineIn(place, args[0] ?? '', context);
  const report = await chosenRun(pipeline, args[1] ?? null, place);
  const loaded = await loadValid(args[0] ?? '', context).catch(() => null);
  const sources = new Map(loaded ? lineageSources(loaded) : []);
  const commit = await sourceCommit(context.root);
  const url = repositoryOf(option('repository'));
  const options = {
    namespace: option('namespace') ?? env.OPENLINEAGE_NAMESPACE ?? 'daybreak',
    sourceOf: (step: string) => sources.get(step) ?? null,
    repository: url !== null && commit !== null && !commit.endsWith('+') ? { url, commit } : null,
  };
  const events: JsonObject[] = [];
  for (let execution = 1; execution <= report.execution; execution++) {
    const facts = await readExecutionFacts(place.store, { pipeline: pipeline.name, run_id: report.run_id, execution });
    if (facts && !facts.record.trial) events.push(...runEvents(facts, options));
  }
  const json = { pipeline: pipeline.name, run_id: report.run_id, namespace: options.namespace };
  if (receiver === null)
    return { exitCode: 0, json: { ...json, events }, text: events.map((event) => JSON.stringify(event)).join('\n') };
  const key = env.OPENLINEAGE_API_KEY;
  const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) };
  for (const event of events)
    await sendHttp(
      { url: receiver.href, method: 'POST', headers, body: JSON.stringify(event) },
      {
        receiver: `the OpenLineage receiver at ${receiver.origin}`,
        what: 'event',
        pause: async (ms) => void (await pause(ms)),
      },
    );
  return {
    exitCode: 0,
    json: { ...json, sent: events.length, receiver: receiver.origin },
    text: `sent ${counted(events.length, 'event')} of run ${context.paint(report.run_id)} to ${receiver.origin}`,
  };
}

/** The address that takes events: `/api/v1/lineage` behind the one that is named, as OpenLineage's own clients do it. */
function receiverOf(text: string | null): URL | null {
  if (text === null || text === '') return null;
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new UsageError(
      `--to or OPENLINEAGE_URL is not an address of a receiver, such as http://127.0.0.1:5000; a key stands in OPENLINEAGE_API_KEY`,
    );
  if (!url.pathname.endsWith('/lineage')) url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v1/lineage`;
  return url;
}

function repositoryOf(text: string | null): string | null {
  if (text === null) return null;
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new UsageError(
      `--repository "${url ? url.origin : text}" is not the address of a repository, such as https://github.com/you/shop`,
    );
  return url.href.replace(/(\.git)?\/?$/, '');
}
