import { Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { LambdaArchitecture } from '../../bundle/layers/duckdb-layer.ts';
import type { Layer } from '../../bundle/layers/kept-layer.ts';
import type { CompiledTemplate } from '../compile/compiled-template.ts';

/** The CDK's name for each architecture. */
export const architectures: Readonly<Record<LambdaArchitecture, Architecture>> = {
  arm64: Architecture.ARM_64,
  x86_64: Architecture.X86_64,
};

export interface PipelineLayersProps {
  readonly architecture: LambdaArchitecture;
  readonly layers: CompiledTemplate['layers'];
}

/**
 * The layers of a pipeline. Each pipeline has its own versions of the same two files: CloudFormation could never replace a layer that stacks share through an
 * export. A replaced or deleted layer version remains available to function versions that were published with it.
 */
export class PipelineLayers extends Construct {
  /** The runtime of all functions. */
  readonly runtime: LayerVersion;
  /** DuckDB, for functions that run steps. */
  readonly queryEngine: LayerVersion;

  constructor(scope: Construct, id: string, { architecture, layers }: PipelineLayersProps) {
    super(scope, id);
    this.runtime = runtimeLayerVersion(this, layers.runtime);
    this.queryEngine = new LayerVersion(this, 'QueryEngine', {
      description: `DuckDB for linux ${architecture}`,
      code: Code.fromAsset(layers.queryEngine.folder, { assetHash: layers.queryEngine.digest }),
      compatibleArchitectures: [architectures[architecture]],
      compatibleRuntimes: [Runtime.NODEJS_24_X],
      license: 'MIT',
    });
  }
}

/** Makes the layer with the runtime, which runs on any architecture. */
export function runtimeLayerVersion(scope: Construct, { folder, digest }: Layer): LayerVersion {
  return new LayerVersion(scope, 'Runtime', {
    description: "Daybreak's runtime",
    // A layer's own digest saves the CDK from reading it again for each stack of each synth.
    code: Code.fromAsset(folder, { assetHash: digest }),
    compatibleRuntimes: [Runtime.NODEJS_24_X],
    license: 'MIT',
  });
}
