import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { spawnCli } from './cli.ts';
import { project } from './project.ts';
import { files, outcomesOf, rowsOf, runIn } from './resume-project.ts';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly callFrames?: readonly { readonly callFrameId: string; readonly url: string }[] };
  readonly result?: { readonly result?: { readonly value?: unknown } };
}

/** A debugger that speaks the protocol of Chrome's. */
async function attach(address: string) {
  const socket = new WebSocket(address);
  const waiting: { readonly fits: (message: Message) => boolean; readonly resolve: (message: Message) => void }[] = [];
  const heard: Message[] = [];
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    const at = waiting.findIndex(({ fits }) => fits(message));
    if (at < 0) heard.push(message);
    else waiting.splice(at, 1)[0]?.resolve(message);
  });
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const next = (fits: (message: Message) => boolean): Promise<Message> => {
    const at = heard.findIndex(fits);
    if (at >= 0) return Promise.resolve(heard.splice(at, 1)[0] as Message);
    return new Promise((resolve) => waiting.push({ fits, resolve }));
  };
  let ids = 0;
  const send = (method: string, params: object = {}): Promise<Message> => {
    const id = ++ids;
    socket.send(JSON.stringify({ id, method, params }));
    return next((message) => message.id === id);
  };
  return { send, paused: () => next(({ method }) => method === 'Debugger.paused'), close: () => socket.close() };
}

test('the handler of a named step waits for a debugger on this machine, as long as it takes', async () => {
  const root = await project({
    ...files,
    'pipelines/demo.yaml': (files['pipelines/demo.yaml'] ?? '').replace(
      'handler: { callable: orders }',
      'handler: { callable: orders }\n    timeout: 1s',
    ),
    'lambdas/steps/demo/users.ts': rowsOf('users', "'users'"),
    'lambdas/steps/demo/orders.ts': rowsOf('orders', "(globalThis as { answer?: string }).answer ?? 'alone'"),
  });
  const { run_id } = (await runIn(root, ['run', 'demo'])).report;
  const forked = spawnCli(['fork', 'demo', run_id, '--steps', 'orders', '--inspect', '--json'], { cwd: root });
  await forked.said('orders waits for a debugger at ws://127.0.0.1:');
  const [address = ''] = /ws:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]+/.exec(forked.stderr()) ?? [];
  // More than the step's time-out: it does not count.
  await sleep(2_000);
  const client = await attach(address);
  await client.send('Debugger.enable');
  await client.send('Runtime.runIfWaitingForDebugger');
  const paused = await client.paused();
  expect(paused.params?.callFrames?.[0]?.callFrameId).toBeDefined();
  await client.send('Runtime.evaluate', { expression: "globalThis.answer = 'seen by a person'" });
  await client.send('Debugger.resume');
  const ran = await forked.exited;
  client.close();
  expect(ran.json()).toMatchObject({ status: 'SUCCEEDED' });
  expect(outcomesOf(ran.json() as never)).toMatchObject({ users: 'reused', orders: 'succeeded', join: 'succeeded' });
  const head = await runIn(root, ['head', 'demo', String(ran.json().run_id), 'orders.rows']);
  expect(head.report).toMatchObject({ rows: [{ made_by: 'seen by a person' }] });
});
