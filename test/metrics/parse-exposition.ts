/** A strict reader of Prometheus's text format 0.0.4, by its documentation alone: https://prometheus.io/docs/instrumenting/exposition_formats/ */
interface Series {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

export interface Exposed {
  readonly types: ReadonlyMap<string, string>;
  readonly series: readonly Series[];
}

/** Throws for a line that the format does not have, for a family that stands twice, and for a sample outside its family. */
export function parseExposition(text: string): Exposed {
  if (!text.endsWith('\n')) throw new Error('the last line must end with a line feed');
  const types = new Map<string, string>();
  const series: Series[] = [];
  let family = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [, helped] = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) /.exec(line) ?? [];
    const [, typed, type] = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge)$/.exec(line) ?? [];
    if (helped !== undefined) continue;
    if (typed !== undefined && type !== undefined) {
      if (types.has(typed)) throw new Error(`${typed} stands twice`);
      types.set(typed, type);
      family = typed;
      continue;
    }
    const [, name, inside, value] = /^([a-zA-Z_:][a-zA-Z0-9_:]*)\{(.*)\} (-?[0-9.e+-]+)$/s.exec(line) ?? [];
    if (name === undefined || name !== family) throw new Error(`no sample of ${family}: ${line}`);
    series.push({ name, labels: labelsOf(inside ?? ''), value: Number(value) });
  }
  return { types, series };
}

function labelsOf(text: string): Map<string, string> {
  const labels = new Map<string, string>();
  let rest = text;
  while (rest !== '') {
    const [whole, name, value] = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/s.exec(rest) ?? [];
    if (whole === undefined || name === undefined || value === undefined) throw new Error(`no label: ${rest}`);
    labels.set(
      name,
      value.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped)),
    );
    rest = rest.slice(whole.length);
  }
  return labels;
}
