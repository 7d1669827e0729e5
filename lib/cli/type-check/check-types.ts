import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join, parse, relative, resolve } from 'node:path';
import { isProjectFile } from '../../compiler/project-files.ts';
import type { PipelineVariant } from '../../compiler/types/declare-pipeline.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { SourceFile } from '../../diagnostics/source-file.ts';
import { writeFileAtomically } from '../write-file.ts';
import { findTypeScript } from './find-typescript.ts';
import { type CompilerMessage, readMessages } from './read-messages.ts';

/** The result of a run of the project's compiler over the handlers. */
export interface TypeCheck {
  readonly version: string;
  /** Handlers that were checked, relative to the project. */
  readonly handlers: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** Texts of the files with errors, by path as diagnostics show it. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Settings of a project that has none. */
const ownSettings = {
  target: 'es2024',
  module: 'nodenext',
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
};

/**
 * Checks the types of the handlers of these pipelines, and of everything that they import, with the project's own compiler and settings. The settings' list of files does not count: it may leave handlers
 * out.
 */
export async function checkTypes(
  pipelines: readonly { readonly variants: readonly PipelineVariant[] }[],
  { root, declarations }: { readonly root: string; readonly declarations: string },
): Promise<TypeCheck> {
  const { compiler, version } = await findTypeScript(root);
  const handlers = handlersOf(pipelines).filter((entry) => isProjectFile(root, entry));
  if (handlers.length === 0) return { version, handlers, diagnostics: [], texts: new Map() };
  const files = [...handlers, ...(isProjectFile(root, declarations) ? [declarations] : [])];
  // In the project, so that packages with types are found from there; the folder is ignored by git.
  const settings = join(root, '.daybreak', `tsconfig.${process.pid}.json`);
  await writeFileAtomically(settings, JSON.stringify(settingsFor(root, files), null, 2));
  try {
    const output = await run(compiler, settings, root);
    return { version, handlers, ...(await diagnosticsOf(readMessages(output), root)) };
  } finally {
    await rm(settings, { force: true });
  }
}

const handlersOf = (pipelines: readonly { readonly variants: readonly PipelineVariant[] }[]): string[] => {
  const steps = pipelines.flatMap(({ variants }) => variants.flatMap(({ template }) => template.steps));
  const entries = steps.filter(({ sql }) => !sql).map(({ handler }) => handler.entry);
  return [...new Set(entries)].filter((entry) => /\.[cm]?ts$/.test(entry)).sort();
};

const settingsFor = (root: string, files: readonly string[]): object => {
  const isGiven = isProjectFile(root, 'tsconfig.json');
  return {
    ...(isGiven && { extends: '../tsconfig.json' }),
    compilerOptions: {
      ...(!isGiven && ownSettings),
      noEmit: true,
      composite: false,
      incremental: false,
      tsBuildInfoFile: null,
      // Nothing is emitted, and no file is outside of this.
      rootDir: parse(root).root,
    },
    files: files.map((file) => `../${file}`),
    include: [],
    references: [],
  };
};

function run(compiler: string, settings: string, root: string): Promise<string> {
  const args = [compiler, '-p', settings, '--pretty', 'false'];
  return new Promise((done, fail) => {
    execFile(process.execPath, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      // The compiler exits with 1 or 2 after errors of types.
      if (error && !/error TS\d+: /.test(stdout))
        fail(new Error(`the TypeScript compiler failed: ${stderr || stdout || error.message}`));
      else done(stdout);
    });
  });
}

async function diagnosticsOf(messages: readonly CompilerMessage[], root: string) {
  const sources = new Map<string, SourceFile>();
  const diagnostics: Diagnostic[] = [];
  for (const { file, line, column, message } of messages) {
    const path = resolve(root, file ?? 'tsconfig.json');
    const shown = relative(process.cwd(), path);
    const source = sources.get(shown) ?? new SourceFile(shown, await readFile(path, 'utf8').catch(() => ''));
    sources.set(shown, source);
    const word = /^[\w$]+|^'[^']*'|^"[^"]*"/.exec(source.line(line).slice(column - 1))?.[0].length ?? 1;
    const span = { file: shown, line, column, endLine: line, endColumn: column + word };
    diagnostics.push(makeDiagnostic('TYPE_ERROR', span, message));
  }
  return { diagnostics, texts: new Map([...sources].map(([file, { text }]) => [file, text])) };
}
