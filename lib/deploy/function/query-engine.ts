import { Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { LambdaArchitecture, Layer } from '../../bundle/duckdb-layer.ts';

export interface QueryEngineProps {
  readonly architecture: LambdaArchitecture;
  /** The layer's content, for this architecture. */
  readonly layer: Layer;
}

/** The CDK's name for each architecture. */
export const architectures: Readonly<Record<LambdaArchitecture, Architecture>> = {
  arm64: Architecture.ARM_64,
  x86_64: Architecture.X86_64,
};

/**
 * The layer with DuckDB, one per pipeline: CloudFormation could never replace a layer that stacks share through an export. A replaced or deleted layer version
 * remains available to function versions that were published with it.
 */
export class QueryEngine extends Construct {
  readonly layer: LayerVersion;

  constructor(scope: Construct, id: string, { architecture, layer }: QueryEngineProps) {
    super(scope, id);
    this.layer = new LayerVersion(this, 'Layer', {
      description: `DuckDB for linux ${architecture}`,
      // The layer's own digest saves the CDK from reading 70 MB again for each stack of each synth.
      code: Code.fromAsset(layer.folder, { assetHash: layer.digest }),
      compatibleArchitectures: [architectures[architecture]],
      compatibleRuntimes: [Runtime.NODEJS_24_X],
      license: 'MIT',
    });
  }
}
