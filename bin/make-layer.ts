import { duckdbLayer, LayerNotMade } from '../lib/bundle/duckdb-layer.ts';

// With the packages, while there is a network: `cdk synth` then needs none. Nobody but who deploys needs the layer, so an installation does not fail over it.
await duckdbLayer('arm64').catch((error: unknown) => {
  if (!(error instanceof LayerNotMade)) throw error;
  console.error(`not yet: ${error.message}`);
});
