import { PermanentError } from '../../../contract/errors.ts';
import type { Rows } from '../../../runtime/step.ts';
import { bearerToken } from '../bearer-token.ts';
import { requestPace } from '../request-pace.ts';
import { type Batch, batchBodies } from './batch-bodies.ts';
import { batchKey, targetOf } from './batch-keys.ts';
import { checkTaken } from './check-taken.ts';
import type { HttpTarget, SendingStep, Sent } from './http-target.ts';
import { SentSoFar } from './sent-so-far.ts';

/**
 * Sends rows in batches, one after the other, as exact JSON, and checks that each answer says that the API took the batch. The key of a batch is made of run,
 * step, target, number and content. No later attempt or invocation sends a batch again that was taken. A batch whose answer got lost is sent again with the
 * same key, so that the API can recognise it. A long step continues behind the last batch.
 */
export async function sendBatches(step: SendingStep, rows: Rows, target: HttpTarget): Promise<Sent> {
  const { name = 'batches', method = 'POST', batchSize = 100 } = target;
  const id = targetOf(method, addressOf(target));
  const send = sender(step, target);
  const sent = new SentSoFar(step.checkpoint, [name, id, batchSize]);
  // If the step was asked for again (`--from`), its batches are sent again, with the same keys.
  const { requested = 1 } = step.run as { readonly requested?: number };
  const request = requested > 1 ? `, requested by execution ${requested}` : '';
  let count = 0;
  let batches = 0;
  let skipped = 0;
  for await (const batch of batchBodies(rows, target, sent.isContinued)) {
    step.signal.throwIfAborted();
    const { number, content } = batch;
    batches = number;
    count += batch.rows.length;
    const key = batchKey(step, { name, target: id, number, content });
    const marker = `send ${name} ${number} ${key}${request}`;
    const isNow = !sent.add(content) && (await step.once(marker, () => send(batch, key)));
    if (!isNow) skipped += 1;
    await step.progress(count);
    await step.yieldIfDue(sent.state);
  }
  sent.end();
  return { rows: count, batches, skipped };
}

function sender(step: SendingStep, target: HttpTarget): (batch: Batch, key: string) => Promise<void> {
  const { url, method = 'POST', keyHeader = 'idempotency-key', allowedOrigins = [] } = target;
  const pace = requestPace(target.requestsPerSecond, step.signal);
  const authorization = bearerToken(target.token);
  return ({ rows, content: body }, key) =>
    pace.request(() =>
      authorization.with(async (authorized) => {
        const headers = { 'content-type': 'application/json', ...target.headers, ...authorized, [keyHeader]: key };
        const response = await step.fetch(url, { method, headers, body, allowedOrigins });
        await checkTaken(response, { rows, target, signal: step.signal });
      }),
    );
}

function addressOf({ url }: HttpTarget): URL {
  const parsed = URL.parse(String(url));
  if (parsed !== null) return parsed;
  throw new PermanentError(`${JSON.stringify(String(url).slice(0, 100))} is not the address of an API: https://...`);
}
