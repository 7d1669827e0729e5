import { expect, test } from 'vitest';
import { PlainProgress } from '../../../lib/cli/watch/plain-progress.ts';
import type { Progress } from '../../../lib/offline/engine/run-options.ts';
import { watchSteps } from '../../../lib/offline/engine/watch-steps.ts';

test('a yield continues an attempt: progress shows it as the next invocation, not as an attempt or an end', async () => {
  const told: Progress[] = [];
  const yielded = { yields: 1, redrives: 0, attempt: 2, started_at: '2026-01-01T00:00:00.000Z', invocations: 1 };
  const answers = [{ yielded }, { outcome: 'succeeded', manifest: 'm' }];
  const invoke = watchSteps(
    async () => answers.shift() as never,
    (progress) => told.push(progress),
  );
  const event = (retries: number, input: object) =>
    ({ state: { Name: 'a', RetryCount: retries }, input, redrives: 0 }) as never;
  await invoke('AFunction', event(1, {}), {} as never);
  await invoke('AFunction', event(0, { yielded }), {} as never);
  const lines: string[] = [];
  const plain = new PlainProgress(
    (line) => lines.push(line.trim()),
    (text) => text,
  );
  for (const progress of told) plain.tell(progress);
  expect(lines).toEqual(['a attempt 2 started', 'a invocation 2 goes on', 'a succeeded']);
});
