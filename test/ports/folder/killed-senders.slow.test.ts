import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FolderDeadLetterQueue } from '../../../lib/ports/folder/folder-dead-letter-queue.ts';
import { SetClock } from '../set-clock.ts';
import { newFolder } from './new-folder.ts';

test('messages sent before their sender or receiver was killed come back whole, each once', async () => {
  const folder = await newFolder();
  const sent: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    const program = join(import.meta.dirname, 'queue-process.ts');
    const child = spawn(process.execPath, [program, folder, `p${round}`], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    while (!out.includes('\n')) await sleep(5);
    await sleep(Math.random() * 50);
    child.kill('SIGKILL');
    await once(child, 'close');
    sent.push(...out.split('\n').slice(0, -1));
  }
  const clock = new SetClock();
  clock.time = Date.now() + 61_000;
  const queue = new FolderDeadLetterQueue(folder, clock);
  const names: string[] = [];
  for (;;) {
    const messages = await queue.receive(10, 30);
    if (messages.length === 0) break;
    for (const { body } of messages) {
      const [name = '', filling] = body.split(':');
      expect(filling).toBe('x'.repeat(2000));
      names.push(name);
    }
  }
  expect(new Set(names).size).toBe(names.length);
  // The last message of each process may exist although the process did not print it.
  for (const name of sent) expect(names).toContain(name);
  expect(names.length - sent.length).toBeLessThanOrEqual(4);
});
