import { openEngine } from '../../lib/duckdb/open-engine.ts';

// The engine's memory limit is what the process leaves of a function's memory. Opened before the first test of a worker, it does not depend on those before it.
await openEngine();
