import { EventEmitter } from 'node:events';
import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { errorNames } from '../../lib/contract/error-names.ts';
import { SfnTaskTokens } from '../../lib/ports/aws/sfn-task-tokens.ts';
import { IpcTaskTokens, type TaskTokenRequest } from '../../lib/ports/folder/ipc-task-tokens.ts';
import { MemoryTaskTokens } from '../../lib/ports/memory/memory-task-tokens.ts';
import { deliverTo, describeTaskTokens } from './task-tokens.conformance.ts';

const engine = () => ({ waiting: new Set<string>(), got: new Map<string, string>() });
const named = (name: string): Error => Object.assign(new Error(name), { name, $metadata: { httpStatusCode: 400 } });

describeTaskTokens('MemoryTaskTokens', () => {
  const state = engine();
  return { ...state, tokens: new MemoryTaskTokens(deliverTo(state)) };
});

describeTaskTokens('SfnTaskTokens', () => {
  const state = engine();
  const client = new SFNClient({ region: 'eu-central-1' });
  mockClient(client)
    .on(SendTaskSuccessCommand)
    .callsFake(async ({ taskToken, output }) => {
      if (!deliverTo(state)(taskToken, output)) throw named('TaskTimedOut');
      return {};
    });
  return { ...state, tokens: new SfnTaskTokens(client) };
});

/** A child's `process` whose parent answers in the reverse order of the questions. */
class Channel extends EventEmitter {
  readonly #answer: (request: TaskTokenRequest) => unknown;
  #questions: TaskTokenRequest[] = [];
  constructor(answer: (request: TaskTokenRequest) => unknown) {
    super();
    this.#answer = answer;
  }
  send(message: unknown, callback: (error: Error | null) => void): boolean {
    this.#questions.unshift(message as TaskTokenRequest);
    callback(null);
    setImmediate(() => {
      const questions = this.#questions;
      this.#questions = [];
      this.emit('message', { type: 'something-else' });
      this.emit('message', null);
      for (const question of questions) this.emit('message', this.#answer(question));
    });
    return true;
  }
}

describeTaskTokens('IpcTaskTokens', () => {
  const state = engine();
  const deliver = deliverTo(state);
  const channel = new Channel(({ type, token, output, id }) => {
    expect(type).toBe('task-token-succeed');
    return { type: 'task-token-answer', id, answer: deliver(token, output) ? 'delivered' : 'gone' };
  });
  channel.setMaxListeners(100);
  return { ...state, tokens: new IpcTaskTokens(channel) };
});

test.each(['TaskTimedOut', 'InvalidToken', 'TaskDoesNotExist'])('%s means that the token is gone', async (name) => {
  const client = new SFNClient({ region: 'eu-central-1' });
  mockClient(client).on(SendTaskSuccessCommand).rejects(named(name));
  expect(await new SfnTaskTokens(client).succeed('t', '{}')).toBe('gone');
});

test.each(['ThrottlingException', 'AccessDeniedException', 'InvalidOutput'])(
  '%s of Step Functions is a PlatformError, not "gone"',
  async (name) => {
    const client = new SFNClient({ region: 'eu-central-1' });
    mockClient(client).on(SendTaskSuccessCommand).rejects(named(name));
    await expect(new SfnTaskTokens(client).succeed('t', '{}')).rejects.toMatchObject({
      name: errorNames.platform,
      message: expect.stringContaining(name),
    });
  },
);

test('a parent that goes away before its answer is a PlatformError, and no listener stays', async () => {
  const channel = new Channel(() => null);
  const asking = new IpcTaskTokens(channel).succeed('t', '{}');
  channel.emit('disconnect');
  await expect(asking).rejects.toMatchObject({ name: errorNames.platform });
  expect(channel.eventNames()).toEqual([]);
});

test('a channel that is closed or never existed is a PlatformError', async () => {
  const closed = Object.assign(new EventEmitter(), {
    send: (_: unknown, callback: (error: Error | null) => void) => {
      callback(new Error('ERR_IPC_CHANNEL_CLOSED'));
      return false;
    },
  });
  await expect(new IpcTaskTokens(closed).succeed('t', '{}')).rejects.toMatchObject({ name: errorNames.platform });
  expect(closed.eventNames()).toEqual([]);
  await expect(new IpcTaskTokens(new EventEmitter()).succeed('t', '{}')).rejects.toMatchObject({
    name: errorNames.platform,
  });
});
