import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Message } from './message.ts';

/** Puts one message where its channel is read; returns when it is there. */
export type Deliver = (message: Message) => Promise<void>;

/** The members of a step that sending needs. */
export interface DeliveringStep {
  secret(name: string): Promise<string>;
  fetch(url: string, init: RequestInit): Promise<Response>;
}

/** To the file that DAYBREAK_OUTBOX names (offline), else to Slack's webhook in the secret `slack_webhook`. */
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
    // Drained, so that the connection is free again.
    await response.text();
  };

/**
 * One line per message, appended in one write, so that steps that run side by side do not mix their lines. What is there already is not written again: a step that was
 * killed after the message and before `step.once` could mark it would send it twice otherwise. A webhook cannot be asked what it has got; an API that takes an
 * idempotency key should be given one here.
 */
const toOutbox =
  (file: string): Deliver =>
  async (message) => {
    await mkdir(dirname(file), { recursive: true });
    const sent = await readFile(file, 'utf8').catch(() => '');
    if (sent.split('\n').some((line) => isNotice(line, message))) return;
    await appendFile(file, `${JSON.stringify(message)}\n`);
  };

/** Whether a line of the outbox is a message to the same channel about the same run, which the last block names. */
function isNotice(line: string, { channel, blocks }: Message): boolean {
  const about = JSON.stringify(blocks.at(-1));
  return line.startsWith(`{"channel":${JSON.stringify(channel)},`) && line.endsWith(`,${about}]}`);
}
