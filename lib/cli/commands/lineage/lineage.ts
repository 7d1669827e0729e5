import { relative, resolve } from 'node:path';
import { findPipelines } from '../../../compiler/find-pipelines.ts';
import { loadAnalysis } from '../../../compiler/load-analysis.ts';
import type { JsonObject } from '../../../contract/json.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { chosenColumn, written } from '../../lineage/chosen-column.ts';
import { datasetsOf } from '../../lineage/lineage-graph.ts';
import { lineagePage } from '../../lineage/lineage-page.ts';
import { type Direction, type LineageTree, lineageTree } from '../../lineage/lineage-tree.ts';
import { acrossPipelines } from '../../lineage/published-readers.ts';
import { renderTree } from '../../lineage/render-tree.ts';
import { openOnDesktop } from '../../open-on-desktop.ts';
import { shortPath } from '../../typed/command-line.ts';
import { findPipeline } from '../../typed/find-pipeline.ts';
import { InvalidPipelineError, UsageError } from '../../typed/usage-error.ts';
import { writeFileAtomically } from '../../write-file.ts';

/** Shows where a dataset or column comes from, and what comes from it, over all templates of the project. Reads templates and queries, and runs nothing. */
export async function lineage({ args, flag }: Invocation, context: Context): Promise<Answer> {
  const [wanted = '', typed = ''] = args;
  if (flag('up') && flag('down')) throw new UsageError('name one of --up and --down; without either both are shown');
  const { graph, pipeline } = await readProject(wanted, context);
  const place = chosenColumn(
    graph.datasets.filter((node) => node.pipeline === pipeline),
    typed,
  );
  const directions: Direction[] = flag('up') ? ['up'] : flag('down') ? ['down'] : ['up', 'down'];
  const trees = directions.map((direction) => [direction, lineageTree(graph, place, direction)] as const);
  const json = {
    pipeline,
    ...treeName(place),
    ...Object.fromEntries(trees.map(([direction, tree]) => [direction, treeJson(tree)])),
  };
  if (!flag('html')) {
    const titles = { up: 'comes from', down: 'is used by' };
    const style = context.table;
    const parts = trees.map(([direction, tree]) => {
      const [first = '', ...more] = renderTree(tree, style);
      return [
        `${first} ${context.paint(more.length > 0 ? titles[direction] : `${titles[direction]} nothing that is known`, 'dim')}`,
        ...more,
      ].join('\n');
    });
    return { exitCode: 0, json, text: parts.join('\n\n') };
  }
  const path = resolve(
    context.root,
    '.daybreak',
    'lineage',
    `${pipeline}.${written(place).replace(/[^\w.-]/g, '_')}.html`,
  );
  await writeFileAtomically(path, lineagePage(graph, place, directions));
  const opened = !context.json && (await openOnDesktop(path, context.io));
  const shown = context.paint(shortPath(path, context), opened ? 'cyan' : undefined);
  return { exitCode: 0, json: { ...json, path }, text: opened ? `opened ${shown}` : shown };
}

/** The lineage of all templates. Templates with mistakes are left out, unless it is the one that the person named. */
async function readProject(wanted: string, context: Context) {
  const { root, environment } = context;
  const own = await findPipeline(wanted, { root, cwd: context.io.cwd });
  const paths = [...new Set([own.path, ...(await findPipelines(root))])];
  const options = { root, environment, plainInAny: true, allowMissingHandlers: true };
  const read = await Promise.all(
    paths.map(async (path) => {
      const found: string[] = [];
      const loaded = await loadAnalysis(path, options, ({ severity, message }) => {
        if (severity === 'error') found.push(message);
      });
      return { path, loaded, found };
    }),
  );
  const broken = read.find(({ path, found }) => path === own.path && found.length > 0);
  if (broken)
    throw new InvalidPipelineError(
      `${relative(root, own.path)}: ${broken.found[0]}; \`npx daybreak check\` shows all of it`,
    );
  const sound = read.flatMap(({ loaded, found }) => (found.length === 0 ? [loaded] : []));
  return { graph: await acrossPipelines(sound, sound.flatMap(datasetsOf), root), pipeline: own.name };
}

const treeName = ({ step, dataset, column }: LineageTree['place']): JsonObject => ({ step, dataset, column });

const treeJson = ({ place, kinds, repeated, unknown, branches }: LineageTree): JsonObject => ({
  pipeline: place.pipeline,
  ...treeName(place),
  kinds: [...kinds],
  ...(repeated && { repeated }),
  ...(unknown !== undefined && { unknown }),
  branches: branches.map(treeJson),
});
