import { expect, test } from 'vitest';
import type { Graph } from '../../../lib/compiler/graph/graph.ts';
import { isBefore } from '../../../lib/compiler/graph/graph.ts';
import { Nesting } from '../../../lib/compiler/plan/nesting/nesting.ts';
import type { Piece } from '../../../lib/compiler/plan/nesting/piece.ts';
import { graphOf, layeredDependencies, randomDependencies, randomFrom } from '../../support/graphs.ts';
import { sized } from '../../support/sized.ts';

type Kept = readonly (readonly number[])[];

/** The nesting of steps as a text, by the definition: components of the kept edges, and blocks that the graph orders completely. Null when there is none. */
function plainNesting(graph: Graph, steps: readonly number[], kept: Kept): string | null {
  if (steps.length === 1) return String(steps[0]);
  const joined = componentsOf(steps, kept);
  if (joined.length > 1)
    return written(
      'parallel',
      joined.map((part) => plainNesting(graph, part, kept)),
    );
  const isCut = (at: number) =>
    steps.slice(0, at).every((before) => steps.slice(at).every((after) => isBefore(graph, before, after)));
  const cuts = [0, ...steps.keys().filter((at) => at > 0 && isCut(at)), steps.length];
  if (cuts.length === 2) return null;
  return written(
    'series',
    cuts.slice(1).map((end, block) => plainNesting(graph, steps.slice(cuts[block], end), kept)),
  );
}

function componentsOf(steps: readonly number[], kept: Kept): number[][] {
  const left = new Set(steps);
  const components: number[][] = [];
  for (const start of steps) {
    if (!left.delete(start)) continue;
    const component = [start];
    for (const step of component)
      for (const other of [...left])
        if (kept[step]?.includes(other) || kept[other]?.includes(step)) {
          left.delete(other);
          component.push(other);
        }
    components.push(component.sort((a, b) => a - b));
  }
  return components;
}

function written(kind: 'series' | 'parallel', parts: readonly (string | null)[]): string | null {
  if (parts.includes(null)) return null;
  return `${kind}(${(kind === 'parallel' ? [...parts].sort() : parts).join(' ')})`;
}

const writtenPiece = (piece: Piece): string =>
  piece.kind === 'step' ? String(piece.first) : (written(piece.kind, piece.parts.map(writtenPiece)) ?? '');

const writtenAll = ({ pieces }: Nesting): string =>
  pieces.length === 1 && pieces[0] ? writtenPiece(pieces[0]) : (written('parallel', pieces.map(writtenPiece)) ?? '');

/** Tries to keep edges in some order, and compares each answer and each tree with the plain nesting. Returns the numbers of positive and negative answers. */
function compare(graph: Graph, order: readonly number[]): { yes: number; no: number } {
  const nesting = new Nesting(graph);
  const steps = [...graph.names.keys()];
  const answers = { yes: 0, no: 0 };
  const attempt = (step: number, befores: readonly number[]): void => {
    const kept = steps.map((other) => [...nesting.edges.of(other), ...(other === step ? befores : [])]);
    const plain = plainNesting(graph, steps, kept);
    expect(nesting.keep(step, befores)).toBe(plain !== null);
    if (plain !== null) expect(writtenAll(nesting)).toBe(plain);
    answers[plain === null ? 'no' : 'yes']++;
  };
  for (const step of order) if ((graph.reduced[step]?.length ?? 0) > 0) attempt(step, graph.reduced[step] ?? []);
  for (const step of order) for (const before of nesting.edges.missing(step)) attempt(step, [before]);
  return answers;
}

test('keeping an edge gives the nesting that a plain recursion over all steps gives, and fails only when that does', () => {
  const random = randomFrom(6);
  const total = { yes: 0, no: 0 };
  for (let round = 0; round < sized(60, 1_000); round++) {
    const count = 2 + Math.floor(random() * 25);
    const graph = graphOf(randomDependencies(count, 0.05 + 0.4 * random(), random));
    const order = [...graph.names.keys()].sort(() => random() - 0.5);
    const { yes, no } = compare(graph, order);
    total.yes += yes;
    total.no += no;
  }
  // Sets of more than 64 steps take more than two words of bits.
  for (let round = 0; round < sized(1, 10); round++)
    compare(graphOf(layeredDependencies(90, 9, 150, random)), [...Array(90).keys()]);
  expect(total.yes).toBeGreaterThan(200);
  expect(total.no).toBeGreaterThan(200);
});
