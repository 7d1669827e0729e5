import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Message } from './message.ts';

/** Delivers one message to its channel; resolves after delivery. */
export type Deliver = (message: Message) => Promise<void>;

/** The members of a step that a delivery needs. */
export interface DeliveringStep {
  secret(name: string): Promise<string>;
  fetch(url: string, init: RequestInit): Promise<Response>;
}

/** Delivers to the file that DAYBREAK_OUTBOX names (offline), else to Slack's webhook in the secret `slack_webhook`. */
export function deliveryOf(step: DeliveringStep): { readonly to: 'outbox' | 'slack'; readonly deliver: Deliver } {
  const outbox = process.env.DAYBREAK_OUTBOX;
  return outbox === undefined || outbox === ''
    ? { to: 'slack', deliver: toSlack(step) }
    : { to: 'outbox', deliver: toOutbox(outbox) };
}

const toSlack =
  (step: DeliveringStep): Deliver =>
  async (message) => {
    const response = await step.fetch(await step.secret('slack_webhook'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
    });
    // Reads the body, so that the connection is free again.
    await response.text();
  };

/**
 * One line per message, appended in one write, so that concurrent steps do not mix their lines. Skips a message that already exists: without this, a step
 * killed between the message and the mark of `step.once` would send it twice.
 * A webhook cannot list its messages; for an API that takes an idempotency key, pass one here.
 */
const toOutbox =
  (file: string): Deliver =>
  async (message) => {
    await mkdir(dirname(file), { recursive: true });
    const sent = await readFile(file, 'utf8').catch(() => '');
    if (sent.split('\n').some((line) => isNotice(line, message))) return;
    await appendFile(file, `${JSON.stringify(message)}\n`);
  };

/** True if a line of the outbox is a message to the same channel about the same run, which the last block names. */
function isNotice(line: string, { channel, blocks }: Message): boolean {
  const about = JSON.stringify(blocks.at(-1));
  return line.startsWith(`{"channel":${JSON.stringify(channel)},`) && line.endsWith(`,${about}]}`);
}
