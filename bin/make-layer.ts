import { duckdbLayer, LayerNotMade } from '../lib/bundle/duckdb-layer.ts';

// Makes the layer at installation, while there is a network, so that `cdk synth` needs none. Only a deployment needs the layer, so a failure does not fail
// the installation.
await duckdbLayer('arm64').catch((error: unknown) => {
  if (!(error instanceof LayerNotMade)) throw error;
  console.error(`not yet: ${error.message}`);
});
