import type { RunReport } from '../../../operate/runs/run-report.ts';

/** A file that a step of a run has stored. */
export interface RunFile {
  readonly step: string;
  readonly name: string;
  readonly bytes: number;
  /** Path or address. */
  readonly path: string;
}

/** The files of a run: first pages for people, then the results of the last steps. */
export function runFiles({ steps }: RunReport): RunFile[] {
  const files = steps
    .toReversed()
    .flatMap(({ step, files }) =>
      Object.entries(files).map(([name, { bytes, path }]) => ({ step, name, bytes, path })),
    );
  return files.sort((a, b) => Number(b.name.endsWith('.html')) - Number(a.name.endsWith('.html')));
}
