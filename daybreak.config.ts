import { defineConfig } from './lib/config/index.ts';

// The templates of this repository are examples, and one of them runs every night against an address that does not exist. So a deployment takes none of them
// by itself: `-c pipeline=customer_analytics` deploys one, `-c pipeline='*'` all.
export default defineConfig({ pipelines: [] });
