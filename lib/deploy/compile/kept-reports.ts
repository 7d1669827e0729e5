import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { CompileRequest } from './compile-request.ts';
import type { TemplateReport } from './compiled-template.ts';
import { areCurrent, type Inputs, ownDigest } from './fresh-inputs.ts';

interface Kept<T> {
  readonly inputs: Inputs;
  readonly madeAt: number;
  readonly value: T;
}

/** Warnings about the schedule's next starts depend on the day. */
const keptMs = 24 * 3600 * 1000;

/** The folder with everything that synthesis keeps of a project. Nothing in it is needed: without it, everything is compiled again. */
export function synthCache(root: string): string {
  const packages = join(root, 'node_modules');
  return existsSync(packages) ? join(packages, '.cache', 'daybreak', 'synth') : join(root, '.daybreak', 'synth');
}

/** Returns what an earlier process kept at a place, if nothing that it depends on has changed since; otherwise null. */
export function keptAt<T>(place: string, root: string): T | null {
  let kept: Kept<T>;
  try {
    kept = deserialize(readFileSync(place)) as Kept<T>;
  } catch {
    // No record, or a torn one.
    return null;
  }
  const age = Date.now() - kept.madeAt;
  return age < 0 || age > keptMs || !areCurrent(root, kept.inputs) ? null : kept.value;
}

/** Keeps a value for later processes. A cache that cannot be written costs time alone. */
export function keepAt<T>(place: string, value: T, inputs: Inputs): void {
  try {
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(`${place}.${process.pid}`, serialize({ inputs, madeAt: Date.now(), value } satisfies Kept<T>));
    renameSync(`${place}.${process.pid}`, place);
  } catch {}
}

/** Returns what an earlier process made of a template, if nothing that it depends on has changed since; otherwise null. */
export function keptReport(request: CompileRequest, template: string): TemplateReport | null {
  const report = keptAt<TemplateReport>(placeOf(request, template), request.root);
  if (!report?.compiled) return report;
  return foldersOf(report.compiled).every((folder) => existsSync(folder)) ? report : null;
}

/** Keeps a report for later processes. */
export function keepReport(request: CompileRequest, report: TemplateReport, inputs: Inputs): void {
  keepAt(placeOf(request, report.path), report, inputs);
}

const foldersOf = ({ code, layers }: NonNullable<TemplateReport['compiled']>): string[] =>
  [...Object.values(code.steps), code.platform, layers.runtime, layers.queryEngine].map(({ folder }) => folder);

const placeOf = (request: CompileRequest, template: string): string => {
  const { root, environment, plainInAny, architecture, projectAlerts } = request;
  // Diagnostics name files relative to the working folder.
  const options = [environment, plainInAny, architecture, projectAlerts];
  const key = JSON.stringify([ownDigest(), process.cwd(), template, ...options]);
  return join(synthCache(root), `${createHash('sha256').update(key).digest('hex').slice(0, 24)}.template`);
};
