import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LoadedPipeline } from '../compiler/loaded-pipeline.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../diagnostics/render-diagnostics.ts';
import type { InterruptCode, Io } from './io.ts';
import { type Painter, painter, showsColor } from './render/painter.ts';
import type { TableStyle } from './render/render-table.ts';
import type { StackPlace } from './typed/command-line.ts';
import { UsageError } from './typed/usage-error.ts';

/** The common options, as commander returns them. */
export interface CommonOptions {
  readonly root?: string;
  readonly env?: string;
  readonly json?: boolean;
  readonly strict?: boolean;
  readonly allowMissingHandlers?: boolean;
  readonly color?: boolean;
}

/** The common options of a command and its output streams. */
export class Context {
  readonly io: Io;
  /** Absolute path of the folder that has `pipelines/` and `lambdas/steps/`. */
  readonly root: string;
  /** `--root` as the person typed it, or null. Printed commands contain it. */
  readonly typedRoot: string | null;
  readonly environment: string | null;
  readonly json: boolean;
  readonly strict: boolean;
  readonly allowMissingHandlers: boolean;
  /** Paints the text of the answer, on stdout. */
  readonly paint: Painter;
  /** Paints messages on stderr during the command. */
  readonly paintAside: Painter;
  /** Gives the commands in a text the root, store or stack that the person typed. The answer goes through it by itself; what a command writes earlier does not. */
  pasteable: (text: string) => string = (text) => text;
  /** The stack of the command, as soon as it is known. Printed commands name it. */
  stackPlace: StackPlace | null = null;
  /** The place of the result, if it is not the one that the person typed. Printed commands name it. */
  answerPlace: { readonly store: string | null; readonly stack: null; readonly region: null } | null = null;
  readonly #asideColor: boolean;
  readonly #diagnostics: Diagnostic[] = [];
  #interrupted: InterruptCode | null = null;
  readonly #interruption = new AbortController();
  readonly #reported = new Set<string>();

  constructor(options: CommonOptions, io: Io) {
    const color = options.color !== false;
    this.io = io;
    this.typedRoot = options.root ?? null;
    this.root = resolve(io.cwd, options.root ?? '.');
    this.environment = options.env ?? null;
    this.json = options.json === true;
    this.strict = options.strict === true;
    this.allowMissingHandlers = options.allowMissingHandlers === true;
    this.#asideColor = showsColor(io.stderr, io.env, color);
    this.paintAside = painter(this.#asideColor);
    this.paint = painter(showsColor(io.stdout, io.env, color));
    if (!isFolder(this.root)) throw new UsageError(`--root "${options.root}" is not a folder`);
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics;
  }

  /** Forgets what was reported: a command that compiles a pipeline again after a change reports it again. */
  startAgain(): void {
    this.#diagnostics.length = 0;
    this.#reported.clear();
  }

  /** Exit code of the interrupt that ended the command early; null without an interrupt. */
  get interrupted(): InterruptCode | null {
    return this.#interrupted;
  }

  /** Fires at the first interrupt that a listener heard. */
  get interruption(): AbortSignal {
    return this.#interruption.signal;
  }

  /** Calls the listener at the next interrupt, unless the returned function is called before. A second interrupt ends the process. */
  onInterrupt(listener: (exitCode: InterruptCode) => void): () => void {
    return this.io.onInterrupt((exitCode) => {
      this.#interrupted ??= exitCode;
      this.#interruption.abort();
      listener(exitCode);
    });
  }

  /** Table style for stdout. */
  get table(): TableStyle {
    const { stdout } = this.io;
    return { paint: this.paint, width: stdout.isTTY ? stdout.size().columns : Number.POSITIVE_INFINITY };
  }

  /**
   * Shows a pipeline's diagnostics at once and keeps them for the JSON answer. `--strict` turns warnings into errors. Shows only the number of warnings
   * unless `show` is `all`.
   */
  report({ diagnostics, file, texts }: Reported, show: 'all' | 'errors'): readonly Diagnostic[] {
    const own = diagnostics.map((d): Diagnostic => (this.strict ? { ...d, severity: 'error' } : d));
    // A command may compile a pipeline more than once; this reports it once.
    if (this.#reported.has(file)) return own;
    this.#reported.add(file);
    this.#diagnostics.push(...own);
    const shown = own.filter(({ severity }) => severity === 'error' || show === 'all');
    if (shown.length > 0) {
      this.io.stderr.write(`${renderDiagnostics(shown, texts, { color: this.#asideColor })}\n`);
    }
    const counted = own.length - shown.length;
    if (counted > 0) this.io.stderr.write(`${this.paintAside(warningsOf(file, counted), 'dim')}\n`);
    return own;
  }
}

/** The parts of a pipeline that a report needs. */
type Reported = Pick<LoadedPipeline, 'diagnostics' | 'file' | 'texts'>;

const warningsOf = (file: string, warnings: number): string =>
  `${file}: ${warnings} warning${warnings === 1 ? '' : 's'}; \`npx daybreak check\` shows them`;

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
