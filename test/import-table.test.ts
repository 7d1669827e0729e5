import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Rooms are the folders of `lib`. Each row lists the rooms that a room may import. Rows stand in order: a room imports only rooms above it. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  exact: [],
  contract: [],
  package: [],
  diagnostics: [],
  input: ['contract'],
  metrics: ['contract'],
  bundle: ['contract', 'diagnostics', 'package'],
  columns: ['contract'],
  ports: ['contract'],
  duckdb: ['columns', 'contract', 'diagnostics', 'exact', 'ports'],
  compiler: ['bundle', 'columns', 'contract', 'diagnostics', 'duckdb', 'exact', 'input', 'package'],
  data: ['columns', 'contract', 'duckdb', 'exact', 'ports'],
  config: ['contract', 'diagnostics', 'package'],
  runtime: ['columns', 'contract', 'data', 'duckdb', 'exact', 'input', 'metrics', 'ports'],
  alerts: ['contract', 'input', 'ports', 'runtime'],
  catalog: ['columns', 'contract', 'ports', 'runtime'],
  deploy: ['bundle', 'compiler', 'config', 'contract', 'diagnostics', 'input', 'metrics', 'package'],
  connectors: ['columns', 'contract', 'data', 'duckdb', 'exact', 'ports', 'runtime'],
  operate: ['columns', 'contract', 'input', 'metrics', 'ports', 'runtime'],
  published: ['contract', 'data', 'duckdb', 'operate', 'ports', 'runtime'],
  offline: [
    'bundle',
    'compiler',
    'contract',
    'data',
    'diagnostics',
    'duckdb',
    'input',
    'operate',
    'package',
    'ports',
    'runtime',
  ],
  testing: ['columns', 'compiler', 'contract', 'diagnostics', 'input', 'ports', 'runtime'],
  cli: [
    'alerts',
    'compiler',
    'config',
    'contract',
    'diagnostics',
    'exact',
    'input',
    'metrics',
    'offline',
    'operate',
    'package',
    'ports',
    'published',
    'runtime',
    'testing',
  ],
};

/** Folders inside a room. Each row lists the folders of the same room that it may import; files that lie in the room itself are not bound. */
const folders: Readonly<Record<string, readonly string[]>> = {
  'alerts/delivery': ['hours', 'send', 'text'],
  'alerts/hours': [],
  'alerts/send': ['text', 'vendors'],
  'alerts/text': [],
  'alerts/vendors': ['text'],
  'bundle/layers': [],
  'bundle/package': [],
  'cli/alerts': [],
  'cli/commands': [
    'alerts',
    'changes',
    'completion',
    'contracts',
    'dev',
    'init',
    'lineage',
    'logs',
    'metrics',
    'render',
    'resume',
    'schedule',
    'tables',
    'trial',
    'type-check',
    'typed',
    'units',
    'watch',
  ],
  'cli/changes': ['render'],
  'cli/completion': ['typed'],
  'cli/contracts': ['typed'],
  'cli/dev': ['render', 'resume', 'typed', 'watch'],
  'cli/init': ['typed'],
  'cli/lineage': ['render', 'typed'],
  'cli/logs': ['render', 'typed'],
  'cli/metrics': ['typed'],
  'cli/render': ['typed'],
  'cli/resume': ['alerts', 'typed', 'watch'],
  'cli/trial': ['resume', 'typed', 'watch'],
  'cli/type-check': ['typed'],
  'cli/schedule': ['typed'],
  'cli/tables': ['render'],
  'cli/typed': [],
  'cli/units': ['typed'],
  'cli/watch': ['render', 'typed'],
  'compiler/checks': ['plan', 'states', 'template'],
  'compiler/graph': ['template'],
  'compiler/lineage': [],
  'compiler/plan': ['graph', 'template'],
  'compiler/schema': ['template'],
  'compiler/sql': ['graph', 'lineage', 'plan', 'template'],
  'compiler/states': ['plan'],
  'compiler/template': [],
  'compiler/types': ['sql', 'template'],
  'compiler/unit-tests': ['template'],
  'connectors/files': [],
  'connectors/http': [],
  'connectors/postgres': [],
  'contract/events': [],
  'contract/lineage': ['events'],
  'contract/profiles': [],
  'contract/published': ['records'],
  'contract/partitions': ['records'],
  'contract/records': ['events'],
  'data/encode': [],
  'data/read': [],
  'data/write': ['encode'],
  'deploy/access': ['store'],
  'deploy/alarms': ['function'],
  'deploy/app': ['compile', 'subscribers'],
  'deploy/compile': [],
  'deploy/dashboards': [],
  'deploy/function': ['compile'],
  'deploy/machine': ['function'],
  'deploy/schedule': ['function'],
  'deploy/store': ['alarms', 'dashboards', 'function'],
  'deploy/subscribers': ['alarms', 'compile', 'function', 'machine', 'store'],
  'duckdb/guard': [],
  'duckdb/limits': ['guard'],
  'input/partitions': [],
  'metrics/charts': [],
  'metrics/prometheus': [],
  'metrics/traces': [],
  'offline/asl': [],
  'offline/engine': ['asl', 'functions', 'host', 'kept'],
  'offline/faults': ['asl', 'engine', 'host', 'simulate'],
  'offline/functions': ['asl'],
  'offline/host': ['asl'],
  'offline/kept': ['asl', 'host'],
  'offline/simulate': ['asl', 'host'],
  'operate/changes': ['estimate', 'resume'],
  'operate/data': [],
  'operate/deadlines': ['estimate', 'runs'],
  'operate/doctor': ['runs'],
  'operate/estimate': ['runs'],
  'operate/letters': ['runs'],
  'operate/metrics': ['deadlines', 'runs'],
  'operate/openlineage': [],
  'operate/partitions': ['resume', 'runs'],
  'operate/prune': ['letters', 'published', 'runs'],
  'operate/published': [],
  'operate/resume': [],
  'operate/runs': ['stacks'],
  'operate/stacks': [],
  'operate/trial': ['resume', 'runs'],
  'operate/vouch': ['resume', 'runs'],
  'ports/aws': [],
  'ports/folder': [],
  'ports/memory': [],
  'runtime/anomaly': [],
  'runtime/attempt': ['checks', 'events', 'handler', 'manifests', 'partitions', 'records'],
  'runtime/checks': ['events', 'handler', 'profiles'],
  'runtime/events': ['records'],
  'runtime/execution': ['events', 'manifests', 'partitions', 'profiles', 'publish', 'records'],
  'runtime/fetch': [],
  'runtime/handler': ['events', 'fetch', 'manifests', 'profiles', 'records', 'secrets', 'watermarks'],
  'runtime/incidents': ['events', 'records'],
  'runtime/manifests': ['records'],
  'runtime/profiles': ['anomaly', 'manifests', 'records'],
  'runtime/publish': ['manifests', 'records'],
  'runtime/partitions': ['manifests', 'publish', 'records'],
  'runtime/records': [],
  'runtime/secrets': [],
  'runtime/subscribers': ['execution', 'records', 'secrets'],
  'runtime/watermarks': ['publish', 'records'],
  'testing/units': [],
};

/** The stages of the compiler that are pure functions: they read no file, network, clock or environment. */
const pure = /^(diagnostics|compiler\/(template|graph|plan|states))\//;
const impure = /^node:(?!crypto|path|util)|^(@aws-sdk|aws-cdk-lib|constructs)/;

/** No folder of `lib` holds more files than a person can take in; the interpreter has one file for each idea of the states language. */
const mostFiles = 18;
const largeFolders = ['offline/asl'];

interface Import {
  /** Below `lib`. */
  readonly file: string;
  readonly specifier: string;
  /** Below `lib`; null for packages and for what lies outside of `lib`. */
  readonly target: string | null;
}

const files = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.ts'),
);

const imports: readonly Import[] = files.flatMap((file) => {
  const path = join(root, 'lib', file);
  const specifiers = [...readFileSync(path, 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(
    ([, one]) => one ?? '',
  );
  return specifiers.map((specifier) => {
    const target = specifier.startsWith('.') ? relative(join(root, 'lib'), resolve(dirname(path), specifier)) : '..';
    return { file, specifier, target: target.startsWith('..') ? null : target };
  });
});

const roomOf = (path: string): string => path.split('/')[0] ?? '';
const folderOf = (path: string): string | null => (path.split('/').length > 2 ? (path.split('/')[1] ?? null) : null);
const written = ({ file, specifier }: Import): string => `${file} -> ${specifier}`;

/** The arrows between rooms, as `from -> to`. */
const betweenRooms = new Set(
  imports.flatMap(({ file, target }) =>
    target !== null && roomOf(target) !== roomOf(file) ? [`${roomOf(file)} -> ${roomOf(target)}`] : [],
  ),
);

/** The arrows between the folders of one room, as `room/from -> to`. */
const betweenFolders = new Set(
  imports.flatMap(({ file, target }) => {
    const [from, to] = [folderOf(file), target === null ? null : folderOf(target)];
    const inside = target !== null && roomOf(target) === roomOf(file);
    return inside && from !== null && to !== null && from !== to ? [`${roomOf(file)}/${from} -> ${to}`] : [];
  }),
);

const arrows = (table: Readonly<Record<string, readonly string[]>>): string[] =>
  Object.entries(table).flatMap(([from, list]) => list.map((to) => `${from} -> ${to}`));

describe('import table', () => {
  test('a room imports only the rooms that its row lists, and the rows list nothing unused', () => {
    expect(imports.length).toBeGreaterThan(500);
    expect([...betweenRooms].sort()).toEqual(arrows(rooms).sort());
  });

  test('a room imports only rooms that stand above it in the table, so no two rooms import each other', () => {
    const order = Object.keys(rooms);
    const upwards = Object.entries(rooms).flatMap(([from, list]) =>
      list.filter((to) => order.indexOf(to) >= order.indexOf(from)).map((to) => `${from} -> ${to}`),
    );
    expect(upwards).toEqual([]);
  });

  test('every folder of lib is in a table', () => {
    const listed = (path: string) => readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const inLib = listed(join(root, 'lib')).map(({ name }) => name);
    const inRooms = inLib.flatMap((room) => listed(join(root, 'lib', room)).map(({ name }) => `${room}/${name}`));
    expect(inLib.sort()).toEqual(Object.keys(rooms).sort());
    expect(inRooms.sort()).toEqual(Object.keys(folders).sort());
  });

  test('a folder imports only the folders of its room that its row lists, and the rows list nothing unused', () => {
    expect([...betweenFolders].sort()).toEqual(arrows(folders).sort());
  });

  test('no folder holds too many files', () => {
    const count = new Map<string, number>();
    for (const file of files) count.set(dirname(file), (count.get(dirname(file)) ?? 0) + 1);
    const full = [...count].filter(([folder, number]) => number > mostFiles && !largeFolders.includes(folder));
    expect(full).toEqual([]);
  });

  test('the pure stages know no file, network, clock or environment', () => {
    const inPure = imports.filter(({ file }) => pure.test(file));
    expect(inPure.length).toBeGreaterThan(100);
    expect(inPure.filter(({ specifier }) => impure.test(specifier)).map(written)).toEqual([]);
    const clocks = files
      .filter((file) => pure.test(file))
      .filter((file) =>
        /Date\.now|new Date\(\)|Math\.random|process\.env/.test(readFileSync(join(root, 'lib', file), 'utf8')),
      );
    expect(clocks).toEqual([]);
  });
});
