import type { Diagnostic, Report } from '../../diagnostics/diagnostic.ts';
import { inOrder } from '../../diagnostics/in-order.ts';
import { SourceFile } from '../../diagnostics/source-file.ts';
import { buildTemplate } from './build-template.ts';
import { checkHandlersGiven } from './check-handlers-given.ts';
import { readEach } from './keys/key-table.ts';
import { pipelineKeys } from './keys/pipeline-keys.ts';
import { readMapping, requireKeys } from './keys/read-mapping.ts';
import type { Template } from './template.ts';
import { applyEnvironment, checkOverrides, environmentNames } from './tree/apply-environment.ts';
import { readYaml } from './tree/read-yaml.ts';
import { Reading } from './tree/reading.ts';
import { get, type Mapping } from './tree/tree.ts';

/** The choices for reading a template. */
export interface ParseOptions {
  /** The environment whose overrides apply; none when null or left out. */
  readonly environment?: string | null;
  /** True: a template without any environments is the same in every environment. */
  readonly plainInAny?: boolean;
}

/** A template, with its form in each environment that is not chosen. */
export interface ParsedTemplate extends Template {
  readonly environments: ReadonlyMap<string, Template>;
  /** Of all, also the chosen one. */
  readonly environmentNames: readonly string[];
}

/**
 * Reads a template: YAML, then every key against the tables, then defaults and the environment's overrides. Never throws for a mistake of the author.
 * Reports every mistake, in the order of the text. After an error it still returns the template, as far as it could be read, so that the graph can
 * be checked as well; the caller stops after an error. Returns null if there is nothing to check.
 */
export function parseTemplate(
  source: { readonly file: string; readonly text: string },
  options: ParseOptions,
  report: Report,
): ParsedTemplate | null {
  const found: Diagnostic[] = [];
  const file = new SourceFile(source.file, source.text);
  const template = read(file, options, (diagnostic) => found.push(diagnostic));
  for (const diagnostic of inOrder(found)) report(diagnostic);
  return template;
}

const read = (
  source: SourceFile,
  { environment = null, plainInAny = false }: ParseOptions,
  report: Report,
): ParsedTemplate | null => {
  const reading = new Reading(source, report);
  const written = readYaml(reading);
  const pipeline = written && readMapping(written, pipelineKeys, reading);
  if (!pipeline) return null;
  requireKeys(written, pipelineKeys, reading);
  checkHandlersGiven(written, pipeline, reading);
  checkOverrides(pipeline, reading);
  const known = environmentNames(pipeline);
  const isPlain = plainInAny && known.length === 0;
  if (environment !== null && !known.includes(environment) && !isPlain)
    reportEnvironment(written, environment, known, reading);
  // An environment that is not chosen must not break on the day when it is. Its rounded values matter only then.
  const errorsOnly = new Reading(source, (diagnostic) => diagnostic.severity === 'error' && report(diagnostic));
  // A value that others override must be correct too.
  for (const key of ['defaults', 'environments']) readEach(get(pipeline, key), errorsOnly);
  const others = known.filter((name) => name !== environment);
  const environments = new Map(
    others.map((other) => [other, buildTemplate(pipeline, applyEnvironment(pipeline, other), errorsOnly)]),
  );
  const chosen = buildTemplate(pipeline, applyEnvironment(pipeline, environment), reading);
  const template = { ...chosen, environments, environmentNames: known };
  // `steps: []` is for the graph to complain about; steps that cannot be read have been reported.
  const list = get(pipeline, 'steps');
  return template.steps.length > 0 || (list?.kind === 'list' && list.items.length === 0) ? template : null;
};

const reportEnvironment = (written: Mapping, asked: string, known: readonly string[], reading: Reading): void => {
  const has = known.length === 0 ? 'has none' : `has ${known.join(', ')}`;
  const at = written.entries.get('environments')?.key ?? { start: 0, end: 0 };
  reading.say('UNKNOWN_ENVIRONMENT', at, `there is no environment "${asked}"; the template ${has}`);
};
