import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod/mini';
import { sendHttp } from '../../lib/alerts/send/send-http.ts';
import { PermanentError } from '../../lib/contract/errors.ts';
import { parseEventDocument } from '../../lib/contract/events/event.ts';
import type { JsonObject } from '../../lib/contract/json.ts';
import { type LineageFile, lineageFile } from '../../lib/contract/lineage/lineage-setting.ts';
import { reportExecution } from '../../lib/operate/openlineage/report-execution.ts';
import { processPorts } from '../../lib/runtime/execution/platform-handler.ts';
import { parseEvent } from '../../lib/runtime/parse-event.ts';
import { readSecretFromAws } from '../../lib/runtime/secrets/secrets.ts';

const busEvent = z.object({ detail: z.unknown() });

/**
 * Lambda entry that reports an execution which has ended as OpenLineage events. The event of the bus only names it: the records in the store say all else, so a repeated call makes and sends
 * the same events. It fails if the receiver does not take one, and Lambda calls it again.
 */
export async function handler(event: unknown) {
  const { pipeline, run_id, execution } = parseEventDocument(parseEvent(busEvent, event).detail);
  if (run_id === null || execution === null) return { events: 0 };
  const [{ store }, file] = await Promise.all([processPorts(), readLineageFile()]);
  const { url, api_key } = file.setting;
  const key = url !== null && api_key !== null ? await readSecretFromAws(api_key, process.env) : null;
  const headers = { 'content-type': 'application/json', ...(key !== null && { authorization: `Bearer ${key}` }) };
  const options = {
    receiver: 'the OpenLineage receiver',
    what: 'event',
    pause: async (ms: number) => void (await pause(ms)),
  };
  const send = (document: JsonObject) =>
    sendHttp({ url: url ?? '', method: 'POST', headers, body: JSON.stringify(document) }, options);
  const events = await reportExecution(
    store,
    { pipeline, run_id, execution },
    { file, send: url === null ? null : send },
  );
  return { events };
}

/** The facts beside the code, which the compiler wrote. */
async function readLineageFile(): Promise<LineageFile> {
  const root = process.env.LAMBDA_TASK_ROOT;
  if (!root) throw new PermanentError(`LAMBDA_TASK_ROOT is not set: its folder has the file ${lineageFile}`);
  return JSON.parse(await readFile(join(root, lineageFile), 'utf8')) as LineageFile;
}
