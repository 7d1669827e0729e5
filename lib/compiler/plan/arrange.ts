import { type Graph, isBefore } from '../graph/graph.ts';

/** A nesting of steps (by index into the graph's topological order). */
export type Arrangement =
  | { readonly kind: 'step'; readonly step: number }
  | { readonly kind: 'series' | 'parallel'; readonly parts: readonly Arrangement[] };

/** Which direct predecessors the nesting itself must put before each step: `required[step]`, a subset of `graph.reduced[step]`. */
export type Required = readonly (readonly number[])[];

/**
 * Nests `steps` (ascending, so in topological order) into sequences and Parallel states such that every required edge is kept and no step is put after one
 * that the graph does not put before it; null when no nesting does. Exact: both splits lose nothing. Where the required edges fall apart, any solution
 * restricted to the pieces is a solution of each; where they hang together, the outermost composition must be a sequence, and then the finest sequence
 * of sets that the graph orders completely is as good as any.
 */
export function arrange(graph: Graph, steps: readonly number[], required: Required): Arrangement | null {
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) return { kind: 'step', step: only };
  const pieces = connectedPieces(steps, required);
  if (pieces.length > 1) return arrangeAll('parallel', graph, pieces, required);
  const blocks = seriesBlocks(graph, steps);
  return blocks.length > 1 ? arrangeAll('series', graph, blocks, required) : null;
}

function arrangeAll(
  kind: 'series' | 'parallel',
  graph: Graph,
  groups: readonly (readonly number[])[],
  required: Required,
): Arrangement | null {
  const parts: Arrangement[] = [];
  for (const group of groups) {
    const part = arrange(graph, group, required);
    if (part === null) return null;
    parts.push(...(part.kind === kind ? part.parts : [part]));
  }
  return { kind, parts };
}

/** The connected components of the required edges among `steps`, each ascending, ordered by their first step. */
function connectedPieces(steps: readonly number[], required: Required): number[][] {
  const parent = new Map<number, number>(steps.map((step) => [step, step]));
  const root = (step: number): number => {
    let at = step;
    for (let up = parent.get(at) ?? at; up !== at; up = parent.get(at) ?? at) {
      parent.set(at, parent.get(up) ?? up);
      at = up;
    }
    return at;
  };
  for (const step of steps)
    for (const before of required[step] ?? []) if (parent.has(before)) parent.set(root(before), root(step));
  const pieces = new Map<number, number[]>();
  for (const step of steps) {
    const piece = pieces.get(root(step));
    if (piece) piece.push(step);
    else pieces.set(root(step), [step]);
  }
  return [...pieces.values()];
}

/**
 * The finest sequence of blocks in which every step of a block comes before every step of the next. Each cut of such a sequence cuts every topological
 * order, so looking at the prefixes of one is enough: prefix k is a cut when the first k steps are before all others.
 */
function seriesBlocks(graph: Graph, steps: readonly number[]): number[][] {
  const leading = steps.map((step) => {
    let count = 0;
    while (count < steps.length && isBefore(graph, steps[count] ?? -1, step)) count++;
    return count;
  });
  const blocks: number[][] = [];
  let end = steps.length;
  let least = steps.length;
  for (let k = steps.length - 1; k >= 0; k--) {
    least = Math.min(least, leading[k] ?? 0);
    if (least >= k) {
      blocks.unshift(steps.slice(k, end));
      end = k;
    }
  }
  return blocks;
}
