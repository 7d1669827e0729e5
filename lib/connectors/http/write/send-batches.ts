import { createHash } from 'node:crypto';
import type { Rows, Step } from '../../../runtime/step.ts';
import { type AnyRow, evenBatches } from '../../row-batches.ts';
import { bearerToken, type Token } from '../bearer-token.ts';
import { requestPace } from '../request-pace.ts';

/** An API that takes rows. */
export interface HttpTarget {
  readonly url: string | URL;
  /** POST unless told. */
  readonly method?: 'POST' | 'PUT' | 'PATCH';
  /** What is sent for some rows, as JSON; a list of them unless told. */
  readonly body?: (rows: readonly AnyRow[]) => unknown;
  /** Rows per request, 100 unless told. Another number in a later attempt makes other batches, which are sent again. */
  readonly batchSize?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: Token;
  readonly requestsPerSecond?: number;
  /** Tells two sendings of one step apart. */
  readonly name?: string;
  /** The header by which the API knows a batch that it has; `Idempotency-Key` unless told. */
  readonly keyHeader?: string;
}

/** What was sent. */
export interface Sent {
  readonly rows: number;
  readonly batches: number;
  /** Batches that an earlier attempt had sent. */
  readonly skipped: number;
}

/** What sending needs of a step. */
export type SendingStep = Pick<
  Step,
  'signal' | 'fetch' | 'once' | 'progress' | 'checkpoint' | 'yieldIfDue' | 'run' | 'name'
>;

/**
 * Sends rows in batches, one after the other. Each batch has a key made of run, step, its number and its content: a batch that was sent is not sent again by a later attempt or invocation, and the
 * one whose answer got lost comes with the same key, by which the API can tell. A long step goes on behind the last batch.
 */
export async function sendBatches(step: SendingStep, rows: Rows, target: HttpTarget): Promise<Sent> {
  const { name = 'batches', method = 'POST', keyHeader = 'idempotency-key', body = (batch) => batch } = target;
  const pace = requestPace(target.requestsPerSecond, step.signal);
  const authorization = bearerToken(target.token);
  const before = (step.checkpoint?.sent as Record<string, number> | undefined) ?? {};
  let count = 0;
  let number = 0;
  let skipped = 0;
  for await (const batch of evenBatches(rows, target.batchSize ?? 100)) {
    step.signal.throwIfAborted();
    number += 1;
    count += batch.length;
    if (number <= (before[name] ?? 0)) {
      skipped += 1;
      continue;
    }
    const content = JSON.stringify(body(batch), exactBigint);
    const key = createHash('sha256')
      .update(JSON.stringify([step.run.pipeline, step.run.run_id, step.name, name, number, content]))
      .digest('hex')
      .slice(0, 40);
    const isNow = await step.once(`send ${name} ${number} ${key}`, () =>
      pace.request(() =>
        authorization.with(async (authorized) => {
          const headers = { 'content-type': 'application/json', ...target.headers, ...authorized, [keyHeader]: key };
          const response = await step.fetch(target.url, { method, headers, body: content });
          await response.body?.cancel();
        }),
      ),
    );
    if (!isNow) skipped += 1;
    await step.progress(count);
    await step.yieldIfDue({ ...step.checkpoint, sent: { ...before, [name]: number } });
  }
  return { rows: count, batches: number, skipped };
}

const exactBigint = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(value)) : value;
