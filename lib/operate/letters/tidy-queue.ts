import { executionEndKey, executionKey } from '../../contract/object-keys.ts';
import type { DeadLetter } from '../../contract/records/dead-letter.ts';
import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { DeadLetterQueue, Executions, ObjectStore, QueueMessage } from '../../ports/ports.ts';
import { messageOf } from '../../runtime/records/dead-letter.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';
import { executionStatus } from '../runs/execution-status.ts';
import { isOpen, type LetterState, letterStatesOf, openLetters } from './letter-states.ts';
import { readMessage } from './read-message.ts';

/** The result of tidying a queue. */
export interface QueueReport {
  /** Messages that stay: those of open letters, and those that cannot be parsed. */
  readonly kept: number;
  /** Messages of closed letters, and second copies. */
  readonly deleted: number;
  /** Ids of open letters whose message had expired or was lost. */
  readonly sent_again: readonly string[];
  /** Kept for a person to look at. */
  readonly not_understood: readonly { readonly reason: string; readonly body: string }[];
}

export interface QueuePorts {
  readonly store: ObjectStore;
  readonly queue: DeadLetterQueue;
  readonly executions: Executions;
}

/** Enough time to read a full queue. After a crash the messages are visible again within this time. */
const hideSeconds = 300;

const perReceive = 10;

/**
 * Makes a queue hold one message per open letter. Messages that cannot be parsed stay. This cannot see a message that another receiver hides, so it may send
 * that letter twice.
 * Letters count by id, and the next tidying deletes the second copy.
 */
export async function tidyQueue(pipeline: string, ports: QueuePorts): Promise<QueueReport> {
  const { store, queue } = ports;
  const { messages, whole } = await receiveAll(queue);
  // Read after the messages: a sender stores its letter before it sends the message.
  const { states } = await openLetters(store, pipeline);
  const known = new Map(states.map((state) => [state.letter.id, state]));
  const others = messages.map(({ body }) => idIn(body, pipeline)).filter((id) => id !== null && !known.has(id));
  for (const state of await letterStatesOf(store, pipeline, [...new Set(others)] as string[]))
    if (state) known.set(state.letter.id, state);
  const { keep, drop, notUnderstood, seen } = sort(messages, pipeline, known);
  for (const { receipt } of drop) await queue.delete(receipt);
  const lost = whole ? states.filter((state) => !seen.has(state.letter.id)) : [];
  const sent: string[] = [];
  for (const { letter } of lost) {
    if (await stillComes(letter, ports)) continue;
    await queue.send(JSON.stringify(messageOf(letter)));
    sent.push(letter.id);
  }
  for (const { receipt } of keep) await queue.release(receipt);
  return { kept: keep.length, deleted: drop.length, sent_again: sent, not_understood: notUnderstood };
}

function idIn(body: string, pipeline: string): string | null {
  const read = readMessage(body, pipeline);
  return 'id' in read ? read.id : null;
}

function sort(messages: readonly QueueMessage[], pipeline: string, byId: ReadonlyMap<string, LetterState>) {
  const seen = new Set<string>();
  const keep: QueueMessage[] = [];
  const drop: QueueMessage[] = [];
  const notUnderstood: QueueReport['not_understood'][number][] = [];
  for (const message of messages) {
    const read = readMessage(message.body, pipeline);
    const state = 'id' in read ? byId.get(read.id) : undefined;
    if (state && (!isOpen(state) || seen.has(state.letter.id))) {
      drop.push(message);
      continue;
    }
    keep.push(message);
    if (state) seen.add(state.letter.id);
    else
      notUnderstood.push({
        reason: 'id' in read ? 'the store has no such dead letter' : read.reason,
        body: message.body,
      });
  }
  return { keep, drop, notUnderstood, seen };
}

/** The machine of a running execution sends the letter itself, right after it writes the record. */
async function stillComes(letter: DeadLetter, { store, executions }: QueuePorts): Promise<boolean> {
  const execution = await readIntact<ExecutionRecord>(store, executionKey(letter));
  const end = await readIntact<ExecutionEnd>(store, executionEndKey(letter));
  return (await executionStatus(execution, end, executions)) === 'RUNNING';
}

/** Receives all visible messages. Stops before the first messages become visible again, and returns whether it read all. */
async function receiveAll(queue: DeadLetterQueue): Promise<{ messages: QueueMessage[]; whole: boolean }> {
  const deadline = Date.now() + (hideSeconds / 2) * 1_000;
  const messages: QueueMessage[] = [];
  while (Date.now() < deadline) {
    const more = await queue.receive(perReceive, hideSeconds);
    if (more.length === 0) return { messages, whole: true };
    messages.push(...more);
  }
  return { messages, whole: false };
}
