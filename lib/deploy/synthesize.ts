import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { bundleFunctions } from '../bundle/bundle-functions.ts';
import { duckdbLayer, LayerNotMade } from '../bundle/duckdb-layer.ts';
import { findCollisions } from '../compiler/find-collisions.ts';
import { findPipelines } from '../compiler/find-pipelines.ts';
import { loadPipeline } from '../compiler/load-pipeline.ts';
import type { LoadedPipeline } from '../compiler/loaded-pipeline.ts';
import { platformFunctions } from '../contract/platform-functions.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../diagnostics/render-diagnostics.ts';
import { addStacks } from './add-stacks.ts';
import { featureFlags } from './feature-flags.ts';
import { architectureOf } from './function/architecture.ts';
import { bundledCode } from './function/bundled-code.ts';
import { sharedFunction } from './function/shared-function.ts';
import { defaultPrefix, prefixPattern } from './stack-names.ts';

/** Compiler warnings that make a deployment impossible. */
const undeployable: ReadonlySet<string> = new Set(['DEFINITION_TOO_LARGE', 'TOO_MANY_FUNCTIONS']);

const hinders = ({ severity, code }: Diagnostic): boolean => severity === 'error' || undeployable.has(code);

const nameOf = (loaded: LoadedPipeline): string =>
  loaded.ok ? loaded.plan.name : basename(loaded.file, extname(loaded.file));

/**
 * The CDK app: makes every template of the project a stack in the cloud assembly. Context `env` sets the templates' environment, `pipeline` selects one
 * pipeline, `architecture` sets the functions' processor, and `prefix` begins the stack names. Reports problems on stderr; false means that nothing was
 * synthesised. Needs neither AWS nor Docker. It needs a network only if npm's cache lacks DuckDB for that processor.
 */
export async function synthesize(root: string): Promise<boolean> {
  const app = new App({ postCliContext: { ...featureFlags }, analyticsReporting: false, autoSynth: false });
  const context = (key: string): string | null => app.node.tryGetContext(key)?.toString() ?? null;
  const environment = context('env');
  const only = context('pipeline');
  const prefix = context('prefix') ?? defaultPrefix;
  if (!prefixPattern.test(prefix)) {
    return refuse(
      `the prefix "${prefix}" cannot begin the name of a stack: it takes 1 to 30 letters and digits, and a letter first`,
    );
  }
  const architecture = architectureOf(context('architecture'));
  if (architecture === null) {
    const given = context('architecture');
    return refuse(`Lambda has no architecture "${given}"; there are arm64 (the default) and x86_64`);
  }

  const paths = await findPipelines(root);
  const loaded = await Promise.all(
    paths.map((path) => loadPipeline(path, { root, environment, allowMissingHandlers: false, thorough: true })),
  );
  const names = loaded.map(nameOf);
  const selected = loaded.filter((pipeline) => only === null || nameOf(pipeline) === only);
  if (selected.length === 0) {
    return refuse(
      only === null
        ? 'there is no template in pipelines/'
        : `there is no pipeline "${only}"; there are ${names.join(', ')}`,
    );
  }
  const collisions = await findCollisions(paths, loaded);
  const diagnostics = [...[...collisions.values()].flat(), ...selected.flatMap((pipeline) => pipeline.diagnostics)];
  const pipelines = selected.filter((pipeline) => pipeline.ok);
  const functions = {
    platform: Object.values(platformFunctions),
    steps: pipelines.flatMap(({ machine }) => machine.functions.map(sharedFunction)),
  };
  const bundles = diagnostics.some(hinders)
    ? new Map()
    : await bundleFunctions(functions, { root, report: (diagnostic) => diagnostics.push(diagnostic) });

  if (diagnostics.length > 0) {
    const sources = new Map(loaded.flatMap(({ texts }) => [...texts]));
    console.error(renderDiagnostics(diagnostics, sources, { color: process.stderr.isTTY }));
  }
  if (diagnostics.some(hinders)) return false;

  const layer = await duckdbLayer(architecture).catch((error: unknown) => {
    if (error instanceof LayerNotMade) return error.message;
    throw error;
  });
  if (typeof layer === 'string') return refuse(layer);
  const scratch = await mkdtemp(join(tmpdir(), 'daybreak-'));
  try {
    addStacks(app, {
      pipelines,
      allPipelines: names,
      prefix,
      environment,
      architecture,
      layer,
      code: bundledCode(bundles, scratch),
      scratch,
    });
    app.synth();
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return true;
}

const refuse = (why: string): false => {
  console.error(why);
  return false;
};
