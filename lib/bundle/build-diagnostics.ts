import type { BuildFailure, Message } from 'esbuild';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.ts';
import type { FunctionEntry } from './function-entry.ts';

const spanOf = ({ location }: Message, fallback: string): Span => {
  if (!location) return { file: fallback, line: 1, column: 1, endLine: 1, endColumn: 1 };
  // esbuild counts bytes of UTF-8 from 0; people and editors count characters from 1.
  const characters = (bytes: number) => Buffer.from(location.lineText).subarray(0, bytes).toString().length + 1;
  return {
    file: location.file,
    line: location.line,
    column: characters(location.column),
    endLine: location.line,
    endColumn: characters(location.column + location.length),
  };
};

/** True if an error came from esbuild, and so names a mistake in the sources. */
export function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
}

/** Converts the errors of a failed build into diagnostics, each at its place in the handler's sources. */
export function diagnosticsOf(failure: BuildFailure, fallbackFile: string): Diagnostic[] {
  return failure.errors.map((message) => {
    const note = message.notes.find(({ location }) => location !== null);
    return {
      code: 'HANDLER_NOT_COMPILABLE',
      severity: 'error',
      message:
        missingImport(message) ??
        [message.text, ...message.notes.filter(({ location }) => location === null).map(({ text }) => text)].join('; '),
      span: spanOf(message, fallbackFile),
      ...(note && { related: { message: note.text, span: spanOf({ ...message, location: note.location }, '') } }),
    };
  });
}

/** Names the missing module and the way out; null for other mistakes. esbuild itself proposes its own options. */
function missingImport({ text }: Message): string | null {
  const name = /^Could not resolve "(.*)"/.exec(text)?.[1];
  if (name === undefined) return null;
  if (/^[./]/.test(name)) return `there is no file ${JSON.stringify(name)}; imports name the file with its ending`;
  const pack = name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
  return `the package "${pack}" is not installed: npm install ${pack}`;
}

/** Returns the diagnostic for a handler's file without the export that the template names. It lists the exports that the file has. */
export function missingExport({ entry, export: wanted }: FunctionEntry, exports: readonly string[]): Diagnostic {
  return {
    code: 'HANDLER_EXPORT_MISSING',
    severity: 'error',
    message:
      exports.length === 0
        ? `"${entry}" exports nothing; write \`export const ${wanted} = defineStep(...)\``
        : `"${entry}" has no export "${wanted}"; it exports ${exports.map((name) => `"${name}"`).join(', ')}`,
    span: { file: entry, line: 1, column: 1, endLine: 1, endColumn: 1 },
  };
}
