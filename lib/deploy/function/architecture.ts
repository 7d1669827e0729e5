import type { LambdaArchitecture } from '../../bundle/duckdb-layer.ts';

/** The architecture that the context names, arm64 where it names none (a fifth cheaper for the same memory), or null for what is no architecture of Lambda. */
export function architectureOf(context: string | null): LambdaArchitecture | null {
  if (context === null) return 'arm64';
  return context === 'arm64' || context === 'x86_64' ? context : null;
}
