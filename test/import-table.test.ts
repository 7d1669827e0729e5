import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Which folders of `lib` each may import, itself apart. A folder that is not here does not exist. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  ports: ['contract'],
  source: [],
  template: ['contract', 'data', 'source'],
  graph: ['source', 'template'],
  plan: ['contract', 'graph', 'template'],
  states: ['contract', 'plan'],
  bundle: ['contract', 'source'],
  sql: ['contract', 'data', 'duckdb', 'graph', 'plan', 'source', 'template'],
  compile: ['bundle', 'contract', 'graph', 'plan', 'source', 'sql', 'states', 'template'],
  data: ['contract', 'duckdb', 'ports'],
  duckdb: ['contract', 'data', 'ports', 'source'],
  runtime: ['contract', 'data', 'duckdb', 'ports'],
  asl: ['contract', 'ports'],
  operate: ['contract', 'ports', 'runtime'],
  package: [],
  local: ['asl', 'bundle', 'compile', 'contract', 'operate', 'package', 'plan', 'ports', 'runtime', 'source', 'states'],
  faults: [
    'asl',
    'compile',
    'contract',
    'data',
    'duckdb',
    'local',
    'operate',
    'package',
    'plan',
    'ports',
    'runtime',
    'states',
  ],
  sources: ['contract', 'data', 'duckdb', 'ports', 'runtime'],
  sinks: ['contract', 'data', 'duckdb', 'runtime', 'sources'],
  'stand-ins': ['local'],
  stack: ['bundle', 'compile', 'contract', 'plan', 'source', 'states', 'template'],
  cli: ['compile', 'contract', 'faults', 'local', 'operate', 'plan', 'ports', 'runtime', 'source', 'states'],
};

/** Folders that may not know of a file, network, clock or environment. */
const pure = ['source', 'template', 'graph', 'plan', 'states'];
const impure = /^node:(?!crypto|path|util)|^(@aws-sdk|aws-cdk-lib|constructs)/;

interface Import {
  readonly from: string;
  readonly file: string;
  readonly specifier: string;
}

const imports: Import[] = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .flatMap((path) => {
    const file = join(root, 'lib', path);
    const text = readFileSync(file, 'utf8');
    const specifiers = [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, specifier]) => specifier ?? '');
    return specifiers.map((specifier) => ({ from: path.split('/')[0] ?? '', file: relative(root, file), specifier }));
  });

/** The folder of `lib` that a relative import leads to; null for packages. */
const target = ({ file, specifier }: Import): string | null =>
  specifier.startsWith('.')
    ? (relative(join(root, 'lib'), resolve(root, dirname(file), specifier)).split('/')[0] ?? '')
    : null;

describe('import table', () => {
  test('every folder imports only what it is allowed to', () => {
    expect(imports.length).toBeGreaterThan(500);
    const wrong = imports.filter((one) => {
      const to = target(one);
      return to !== null && to !== one.from && !allowed[one.from]?.includes(to);
    });
    expect(wrong.map(({ file, specifier }) => `${file} -> ${specifier}`)).toEqual([]);
  });

  test('every folder is in the table, and the table allows nothing that is not used', () => {
    const folders = readdirSync(join(root, 'lib'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(allowed).sort());
    const used = new Set(imports.map((one) => `${one.from} -> ${target(one)}`));
    const unused = Object.entries(allowed).flatMap(([from, list]) =>
      list.map((to) => `${from} -> ${to}`).filter((pair) => !used.has(pair)),
    );
    expect(unused).toEqual([]);
  });

  test('from text to states language nothing knows of files, network, clock or environment', () => {
    const wrong = imports.filter(({ from, specifier }) => pure.includes(from) && impure.test(specifier));
    expect(wrong.map(({ file, specifier }) => `${file} -> ${specifier}`)).toEqual([]);
    const clocks = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
      .filter((path) => pure.includes(path.split('/')[0] ?? '') && path.endsWith('.ts'))
      .filter((path) =>
        /Date\.now|new Date\(\)|Math\.random|process\.env/.test(readFileSync(join(root, 'lib', path), 'utf8')),
      );
    expect(clocks).toEqual([]);
  });
});
