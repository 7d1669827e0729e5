import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LoadedPipeline } from '../compiler/loaded-pipeline.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../diagnostics/render-diagnostics.ts';
import type { InterruptCode, Io } from './io.ts';
import { type Painter, painter, showsColor } from './render/painter.ts';
import type { TableStyle } from './render/render-table.ts';
import { UsageError } from './typed/usage-error.ts';

/** The common options, as commander gives them. */
export interface CommonOptions {
  readonly root?: string;
  readonly env?: string;
  readonly json?: boolean;
  readonly strict?: boolean;
  readonly allowMissingHandlers?: boolean;
  readonly color?: boolean;
}

/** What every command knows: the common options, and where to say things. */
export class Context {
  readonly io: Io;
  /** Absolute path of the folder that has `pipelines/` and `lambdas/steps/`. */
  readonly root: string;
  /** `--root` as it was typed, or null; for commands that a person may copy. */
  readonly typedRoot: string | null;
  readonly environment: string | null;
  readonly json: boolean;
  readonly strict: boolean;
  readonly allowMissingHandlers: boolean;
  /** For the answer's text. */
  readonly paint: Painter;
  /** For what is said meanwhile. */
  readonly paintAside: Painter;
  readonly #asideColor: boolean;
  readonly #diagnostics: Diagnostic[] = [];
  #interrupted: InterruptCode | null = null;
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

  /** Exit code of a command that an interrupt kept from its end; null when there was no interrupt. */
  get interrupted(): InterruptCode | null {
    return this.#interrupted;
  }

  /** Calls back at each interrupt until the returned function is called. */
  onInterrupt(listener: (exitCode: InterruptCode) => void): () => void {
    return this.io.onInterrupt((exitCode) => {
      this.#interrupted ??= exitCode;
      listener(exitCode);
    });
  }

  /** For tables on stdout. */
  get table(): TableStyle {
    const { stdout } = this.io;
    return { paint: this.paint, width: stdout.isTTY ? stdout.size().columns : Number.POSITIVE_INFINITY };
  }

  /** Shows a pipeline's diagnostics at once, and keeps them for the answer's JSON. Under `--strict` they are errors. Warnings are only counted unless `show` is `all`. */
  report({ diagnostics, file, texts }: LoadedPipeline, show: 'all' | 'errors'): readonly Diagnostic[] {
    const own = diagnostics.map((d): Diagnostic => (this.strict ? { ...d, severity: 'error' } : d));
    // A command may compile a pipeline more than once.
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

const warningsOf = (file: string, warnings: number): string =>
  `${file}: ${warnings} warning${warnings === 1 ? '' : 's'}; \`npx daybreak check\` shows them`;

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
