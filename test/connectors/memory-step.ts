import type { RunFacts, Step } from '../../lib/runtime/step.ts';
import { httpStep } from './http-step.ts';

/** The members of a step that sinks use. Markers and files are kept in memory; all steps of one `MemoryRun` share them. */
export class MemoryRun {
  readonly done = new Set<string>();
  readonly files = new Map<string, Buffer>();

  step(over: Partial<Step> & { readonly signal?: AbortSignal } = {}) {
    const { done, files } = this;
    return {
      ...httpStep(over.signal),
      name: 'load',
      run: {
        pipeline: 'sales',
        run_id: 'r1',
        execution: 1,
        started_at: '2026-02-01T01:00:00.000Z',
        scheduled_time: null,
        requested: 1,
        turn: null as RunFacts['turn'],
      },
      checkpoint: undefined as never,
      async progress() {},
      async yieldIfDue() {},
      async once(key: string, fn: () => unknown): Promise<boolean> {
        if (done.has(key)) return false;
        await fn();
        done.add(key);
        return true;
      },
      async file(name: string, content: string | Uint8Array | AsyncIterable<Uint8Array>) {
        const chunks: Uint8Array[] = [];
        if (typeof content === 'string' || content instanceof Uint8Array) chunks.push(Buffer.from(content));
        else for await (const chunk of content) chunks.push(chunk);
        files.set(name, Buffer.concat(chunks));
      },
      ...over,
    };
  }
}
