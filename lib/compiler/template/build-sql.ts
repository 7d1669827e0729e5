import { onViolation } from './keys/checks/check-keys.ts';
import { type PlacedCheck, withEffects } from './keys/checks/read-checks.ts';
import { take } from './keys/key-table.ts';
import { checksKey, profileKey, schema } from './keys/read-outputs.ts';
import { file, finite, params, query as queryKey } from './keys/read-sql.ts';
import type { QueryTemplate, SqlTemplate, StepTemplate } from './template.ts';
import type { Reading } from './tree/reading.ts';
import { type Entry, get, type Mapping, quote, type Tree } from './tree/tree.ts';

/** Returns the queries of a step from its checked and merged keys, or null if it has none. Reports contradictions. */
export function buildSql(step: Mapping, name: string, { index, reading }: SqlOptions): SqlTemplate | null {
  const entry = step.entries.get('sql');
  const sql = entry?.value;
  if (!entry || sql?.kind !== 'map') return null;
  const path = ['steps', index, 'sql'];
  reportHandler(step, entry, { name, reading });
  const several = sql.entries.get('datasets');
  const one = sql.entries.get('file') ?? sql.entries.get('query');
  reportForms(sql, entry, { name, reading });
  if (several?.value.kind === 'map') {
    const datasets = [...several.value.entries].flatMap(([dataset, at]) => {
      const query = buildQuery(at.value, [...path, 'datasets', dataset], { at, reading });
      return query ? [{ name: dataset, ...query }] : [];
    });
    const result = sql.entries.get('result');
    return {
      form: 'several',
      datasets,
      result: result ? buildQuery(result.value, [...path, 'result'], { at: result, reading }) : null,
      params: take(sql, params, reading) ?? {},
      finite: take(sql, finite, reading) ?? false,
    };
  }
  const query = one ? buildQuery(sql, path, { at: entry, reading }) : null;
  const outputs = [...(outputsOf(step)?.entries.keys() ?? [])];
  return {
    form: 'one',
    datasets: query ? [{ name: outputs[0] ?? name, ...query }] : [],
    result: null,
    params: take(sql, params, reading) ?? {},
    finite: take(sql, finite, reading) ?? false,
  };
}

interface SqlOptions {
  /** In the text's `steps`. */
  readonly index: number;
  readonly reading: Reading;
}

/** Returns the datasets of a step from its checked keys. Those of an SQL step must come from its queries. */
export function buildOutputs(step: Mapping, sql: SqlTemplate | null, reading: Reading): StepTemplate['outputs'] {
  const outputs = outputsOf(step);
  const datasets = get(get(step, 'sql'), 'datasets');
  for (const names of [outputs, datasets]) reportSameName(names, reading);
  if (outputs === null) return null;
  const made = datasets?.kind === 'map' ? [...datasets.entries.keys()] : [];
  const [, ...more] = outputs.entries.values();
  for (const [name, { key }] of outputs.entries)
    if (sql?.form === 'several' && made.length > 0 && !made.includes(name))
      reading.say(
        'UNKNOWN_DATASET',
        key,
        `"outputs" has ${quote(name)}, which is none of the "datasets" under "sql": ${made.join(', ')}`,
      );
  if (sql?.form === 'one')
    for (const { key } of more)
      reading.say(
        'BAD_SQL_STEP',
        key,
        'one query makes one dataset, so "outputs" has one; write "datasets" under "sql" to make several',
      );
  return Object.fromEntries(
    [...outputs.entries].map(([name, { value }]) => [
      name,
      {
        schema: take(value, schema, reading),
        checks: checksOf(value, reading),
        profile: take(value, profileKey, reading),
      },
    ]),
  );
}

const checksOf = (output: Tree, reading: Reading): PlacedCheck[] => {
  const given = take(output, checksKey, reading) ?? [];
  const effect = take(output, onViolation, reading);
  return withEffects(given, effect, { tree: get(output, 'checks') ?? output, reading });
};

/** Queries ignore case, so a query would read one of two such datasets for the other. */
const reportSameName = (names: Tree | null, reading: Reading): void => {
  const seen = new Map<string, Entry>();
  for (const [name, entry] of names?.kind === 'map' ? names.entries : []) {
    const first = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), first ?? entry);
    if (!first) continue;
    const message = `the datasets "${first.written}" and "${name}" differ only in case, which queries ignore; rename one`;
    reading.say('DUPLICATE_KEY', entry.key, message, { message: 'first given here', at: first.key });
  }
};

const outputsOf = (step: Mapping): Mapping | null => {
  const outputs = get(step, 'outputs');
  return outputs?.kind === 'map' ? outputs : null;
};

interface Saying {
  readonly name: string;
  readonly reading: Reading;
}

/** A handler in the defaults may have settings that other steps use. Handler settings or a callable in this step itself are a mistake. */
const reportHandler = (step: Mapping, sql: Entry, { name, reading }: Saying): void => {
  const handler = step.entries.get('handler');
  if (!handler) return;
  const own = handler.key.start >= step.range.start && handler.key.end <= step.range.end;
  if (!own && get(handler.value, 'callable') === null) return;
  const message = `the step ${quote(name)} has both "handler" and "sql"; keep one`;
  reading.say('BAD_SQL_STEP', sql.key, message, { message: '"handler" is given here', at: handler.key });
};

const reportForms = (sql: Mapping, entry: Entry, { name, reading }: Saying): void => {
  const [one, several, result] = [
    sql.entries.get('file') ?? sql.entries.get('query'),
    sql.entries.get('datasets'),
    sql.entries.get('result'),
  ];
  if (!one && !several) {
    const message = `the "sql" of step ${quote(name)} needs "file" or "query", or "datasets" to make several`;
    reading.say('MISSING_KEY', entry.key, message);
  }
  if (one && several) {
    const message = `"sql" has either "${one.written}" or "datasets", not both`;
    reading.say('BAD_SQL_STEP', several.key, message, { message: `"${one.written}" is given here`, at: one.key });
  } else if (result && !several) {
    reading.say(
      'BAD_SQL_STEP',
      result.key,
      '"result" belongs to "datasets": one query alone has the row count as its result',
    );
  }
};

const buildQuery = (
  tree: Tree,
  path: QueryTemplate['path'],
  { at, reading }: { at: Entry; reading: Reading },
): QueryTemplate | null => {
  if (tree.kind !== 'map') return null;
  const [inFile, written] = [tree.entries.get('file'), tree.entries.get('query')];
  if (inFile && written) {
    const message = 'a query is given by "file" or by "query", not by both';
    reading.say('BAD_SQL_STEP', written.key, message, { message: '"file" is given here', at: inFile.key });
  }
  if (!inFile && !written) reading.say('MISSING_KEY', at.key, 'a query needs "file" or "query"');
  const [found, text] = [take(tree, file, reading), take(tree, queryKey, reading)];
  if (found !== null) return { file: found, query: null, path: [...path, 'file'] };
  return text === null || inFile ? null : { file: null, query: text, path: [...path, 'query'] };
};
