import { spawnSync } from 'node:child_process';
import { deserialize } from 'node:v8';
import { checkTogether } from '../../compiler/checks/check-together.ts';
import { renderDiagnostics } from '../../diagnostics/render-diagnostics.ts';
import { ownModule } from '../../package/package-files.ts';
import type { CompileAnswer, CompileRequest } from './compile-request.ts';
import { type CompiledSubscribers, keptSubscribers } from './compiled-subscriber.ts';
import type { CompiledTemplate } from './compiled-template.ts';
import { forgetInputs } from './fresh-inputs.ts';
import { hinders } from './hinders.ts';
import { keptReport } from './kept-reports.ts';
import { PipelineError } from './pipeline-error.ts';

/** Compiled templates, and the names of all pipelines of the request. */
export interface CompiledProject {
  readonly pipelines: readonly CompiledTemplate[];
  readonly names: readonly string[];
  /** Null if the request asks for none. */
  readonly subscribers: CompiledSubscribers | null;
}

/** An answer has definitions and texts, no code. */
const largestAnswer = 1 << 30;

/**
 * Compiles templates and bundles their functions, at once: the caller waits. A template is compiled again only if something that it depends on has changed.
 * Prints warnings to stderr. Throws a PipelineError with all mistakes of all templates.
 */
export function compileTemplates(request: CompileRequest): CompiledProject {
  forgetInputs();
  const known = request.templates.map((template) => keptReport(request, template));
  const stale = request.templates.filter((_, index) => known[index] === null);
  const kept = request.subscribers ? keptSubscribers(request.root) : null;
  const isWanted = request.subscribers && kept === null;
  const answer =
    stale.length > 0 || isWanted
      ? compile({ ...request, templates: stale, subscribers: isWanted })
      : { reports: [], subscribers: null };
  const fresh = new Map(answer.reports.map((one) => [one.path, one]));
  const subscribers = kept ?? answer.subscribers;
  const reports = request.templates.flatMap((path, index) => known[index] ?? fresh.get(path) ?? []);
  const chosen = reports.filter(({ named }) => !named || (request.only?.includes(named.name) ?? true));

  const diagnostics = [
    ...checkTogether(reports.flatMap(({ named }) => named ?? [])),
    ...chosen.flatMap((report) => report.diagnostics),
    ...(subscribers?.diagnostics ?? []),
  ];
  if (diagnostics.length > 0) {
    const texts = new Map([...reports, ...(subscribers ? [subscribers] : [])].flatMap((report) => [...report.texts]));
    const text = renderDiagnostics(diagnostics, texts, { color: process.stderr.isTTY });
    if (diagnostics.some(hinders)) throw new PipelineError(text);
    console.error(text);
  }
  return {
    pipelines: chosen.flatMap(({ compiled }) => compiled ?? []),
    names: reports.flatMap(({ named }) => named?.name ?? []),
    subscribers: subscribers?.compiled ?? null,
  };
}

function compile(request: CompileRequest): Exclude<CompileAnswer, { readonly failure: string }> {
  const { status, signal, error, output } = spawnSync(
    process.execPath,
    [ownModule('lib/deploy/compile/compile-process.ts')],
    {
      input: JSON.stringify(request),
      stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
      maxBuffer: largestAnswer,
      // Its code needs no loader of the calling program.
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  );
  if (error) throw new PipelineError(`the process that compiles templates cannot be started: ${error.message}`);
  if (status !== 0) throw new PipelineError(`the process that compiles templates ended with ${signal ?? status}`);
  const answer = deserialize(output[3] as unknown as Buffer) as CompileAnswer;
  if ('failure' in answer) throw new PipelineError(answer.failure);
  return answer;
}
