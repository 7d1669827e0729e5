import type { LambdaArchitecture } from '../../bundle/duckdb-layer.ts';

/** Returns the architecture that the context names. The default is arm64 (a fifth cheaper for the same memory). Null if Lambda has no such architecture. */
export function architectureOf(context: string | null): LambdaArchitecture | null {
  if (context === null) return 'arm64';
  return context === 'arm64' || context === 'x86_64' ? context : null;
}
