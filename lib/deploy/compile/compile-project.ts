import { relative } from 'node:path';
import { duckdbLayer, LayerNotMade } from '../../bundle/layers/duckdb-layer.ts';
import { runtimeLayer } from '../../bundle/layers/runtime-layer.ts';
import { namedTemplate } from '../../compiler/checks/check-together.ts';
import { loadPipeline } from '../../compiler/load-pipeline.ts';
import type { LoadedPipeline } from '../../compiler/loaded-pipeline.ts';
import { readTemplate } from '../../compiler/read-template.ts';
import { parseTemplate } from '../../compiler/template/parse-template.ts';
import { HelperDiedError } from '../../contract/helper-died-error.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { CompileAnswer, CompileRequest } from './compile-request.ts';
import { compileSubscribers } from './compile-subscribers.ts';
import type { CompiledTemplate, TemplateReport } from './compiled-template.ts';
import { inputsOf, ownDigest } from './fresh-inputs.ts';
import { hinders } from './hinders.ts';
import { keepReport, synthCache } from './kept-reports.ts';
import { writeCode } from './write-code.ts';

/** Compiles the templates of a request, and keeps each one that can be deployed for later processes. */
export async function compileProject(request: CompileRequest): Promise<CompileAnswer> {
  try {
    const layers = {
      runtime: await runtimeLayer(synthCache(request.root), ownDigest()),
      queryEngine: await duckdbLayer(request.architecture),
    };
    const reports = await Promise.all(request.templates.map((template) => compileTemplate(request, template, layers)));
    const subscribers = request.subscribers ? await compileSubscribers(request.root, layers.runtime) : null;
    return { reports, subscribers };
  } catch (error) {
    if (error instanceof LayerNotMade || error instanceof HelperDiedError) return { failure: error.message };
    throw error;
  }
}

async function compileTemplate(
  request: CompileRequest,
  path: string,
  layers: CompiledTemplate['layers'],
): Promise<TemplateReport> {
  const named = request.only === null ? null : await readName(path);
  if (named?.named && !request.only?.includes(named.named.name)) return named;
  const { root, environment, plainInAny, projectAlerts } = request;
  const options = { root, environment, plainInAny, projectAlerts, allowMissingHandlers: false, thorough: true };
  const loaded = await loadPipeline(path, options);
  const diagnostics: Diagnostic[] = [...loaded.diagnostics];
  const code =
    loaded.ok && !diagnostics.some(hinders)
      ? await writeCode(loaded, { root, report: (diagnostic) => diagnostics.push(diagnostic) })
      : null;
  const report = {
    path,
    file: loaded.file,
    diagnostics,
    texts: loaded.texts,
    named: loaded.named,
    compiled: loaded.ok && code ? { plan: loaded.plan, machine: loaded.machine, code, layers } : null,
  };
  if (report.compiled) keepReport(request, report, inputsOf(root, inputPaths(path, loaded, root)));
  return report;
}

/** Paths relative to the root of the files that made the template what it is. */
const inputPaths = (path: string, loaded: LoadedPipeline, root: string): string[] => [
  relative(root, path),
  ...[...loaded.texts.keys()].map((file) => relative(root, file)),
  ...(loaded.ok ? [...loaded.code.values()].flatMap(({ sources }) => sources) : []),
];

const silent = (): void => undefined;

async function readName(path: string): Promise<TemplateReport> {
  const file = relative(process.cwd(), path) || path;
  const { text } = await readTemplate({ path, file }, silent);
  const named = namedTemplate(file, parseTemplate({ file, text }, {}, silent));
  return { path, file, diagnostics: [], texts: new Map([[file, text]]), named, compiled: null };
}
