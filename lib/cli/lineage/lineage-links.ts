import type { LineageKind } from '../../contract/lineage/column-lineage.ts';
import { type ColumnPlace, columnKey, type LineageGraph, placeKey } from './lineage-graph.ts';
import type { Direction } from './lineage-tree.ts';

/** A line of the picture. An input that decides the rows of a dataset leads to the dataset, not to each of its columns. */
export interface Link {
  readonly from: ColumnPlace;
  readonly to: ColumnPlace;
  /** Empty: not known. */
  readonly kinds: readonly LineageKind[];
}

/** All lines on the way from a column, or from a whole dataset, in one direction. */
export function linksFrom(graph: LineageGraph, chosen: ColumnPlace, direction: Direction): Link[] {
  const columns = chosen.column === null ? (graph.find(chosen)?.columns ?? []) : [];
  const open = [chosen, ...columns.map((column) => ({ ...chosen, column }))];
  const seen = new Set(open.map(columnKey));
  const links: Link[] = [];
  for (const place of open)
    for (const link of direction === 'up' ? linksInto(graph, place) : linksOutOf(graph, place)) {
      links.push(link);
      for (const next of direction === 'up' ? [link.from] : [link.to]) {
        if (seen.has(columnKey(next))) continue;
        seen.add(columnKey(next));
        open.push(next);
      }
    }
  return [...new Map(links.map((link) => [`${columnKey(link.from)} ${columnKey(link.to)}`, link])).values()];
}

function linksInto(graph: LineageGraph, place: ColumnPlace): Link[] {
  const known = graph.edges.filter(
    ({ to }) => placeKey(to) === placeKey(place) && (to.column === null || to.column === place.column),
  );
  const unknown = graph.find(place)?.maybe ?? [];
  return [...known, ...unknown.map((other) => ({ from: { ...other, column: null }, to: headOf(place), kinds: [] }))];
}

function linksOutOf({ edges, datasets }: LineageGraph, place: ColumnPlace): Link[] {
  const known = edges.filter(
    ({ from }) => placeKey(from) === placeKey(place) && (place.column === null || from.column === place.column),
  );
  const unknown = datasets.filter(({ maybe }) => maybe.some((one) => placeKey(one) === placeKey(place)));
  return [...known, ...unknown.map((other) => ({ from: headOf(place), to: headOf(other), kinds: [] }))];
}

const headOf = ({ pipeline, step, dataset }: Omit<ColumnPlace, 'column'>): ColumnPlace => ({
  pipeline,
  step,
  dataset,
  column: null,
});
