import type { RunSummary } from '../../contract/records/history.ts';
import type { Progress } from '../../offline/engine/run-options.ts';
import type { Context } from '../context.ts';
import { LiveDisplay } from './live-display.ts';
import { PlainEstimates } from './plain-estimates.ts';
import { PlainProgress, queuedLine } from './plain-progress.ts';
import { RunView, type ViewedPipeline } from './run-view.ts';

/** Shows a running run. Always on stderr: stdout is for the answer. */
export interface RunWatcher {
  tell(progress: Progress): void;
  /** Shows why the run will end soon. A kill may follow, so the terminal has its cursor back. */
  announceEnd(line: string): void;
  stop(): void;
}

/** A live picture on a terminal, lines elsewhere. */
export function watchRun(
  pipeline: ViewedPipeline,
  { io, paintAside }: Context,
  history: readonly RunSummary[] | null = null,
): RunWatcher {
  const view = new RunView(pipeline, history);
  if (!io.stderr.isTTY || io.env.TERM === 'dumb') {
    const plain = new PlainProgress((text) => io.stderr.write(text), paintAside);
    const estimates = new PlainEstimates(view, (line) => plain.say(line));
    const tell = (progress: Progress): void => {
      plain.tell(progress);
      view.tell(progress);
      estimates.look(Date.now());
    };
    return { tell, announceEnd: (line) => plain.say(line), stop: () => undefined };
  }
  const display = new LiveDisplay(view, io.stderr, paintAside);
  return {
    tell: (progress) => {
      if (progress.type === 'setup') display.say(progress.line);
      else if (progress.type === 'queued') display.say(queuedLine(progress));
      else view.tell(progress);
    },
    announceEnd: (line) => {
      display.say(line);
      display.showCursor();
    },
    stop: () => display.stop(),
  };
}
