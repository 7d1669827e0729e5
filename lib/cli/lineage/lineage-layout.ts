import { directKinds, type LineageKind } from '../../contract/lineage/column-lineage.ts';
import { written } from './chosen-column.ts';
import { type ColumnPlace, columnKey, type LineageGraph, placeKey } from './lineage-graph.ts';
import { type Link, linksFrom } from './lineage-links.ts';
import type { Direction } from './lineage-tree.ts';

/** A line of a box: a column, or, in the first line, the dataset. */
interface DrawnLine {
  readonly id: number;
  readonly text: string;
  readonly y: number;
  readonly isChosen: boolean;
}

export interface DrawnBox {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  /** The first is the dataset's name. */
  readonly lines: readonly DrawnLine[];
  readonly note: string | null;
}

export interface DrawnEdge {
  readonly from: number;
  readonly to: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly kinds: readonly LineageKind[];
  readonly isDirect: boolean;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly DrawnBox[];
  readonly edges: readonly DrawnEdge[];
}

/** In pixels. */
export const sizes = { box: 280, line: 20, between: 120, apart: 18, margin: 16 } as const;

/** Boxes from left to right in the direction of the data, with the columns that the chosen one comes from and that come from it. */
export function layOut(graph: LineageGraph, chosen: ColumnPlace, directions: readonly Direction[]): Drawing {
  const links = directions.flatMap((direction) => linksFrom(graph, chosen, direction));
  const places = [chosen, ...links.flatMap(({ from, to }) => [from, to])];
  const byDataset = Map.groupBy(places, placeKey);
  const layers = layersOf([...byDataset.keys()], links);
  const ids = new Map<string, number>();
  const idOf = (place: ColumnPlace): number => {
    const key = columnKey(place);
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    return id;
  };
  const heights = new Map<number, number>();
  const lines = new Map<number, { readonly x: number; readonly y: number }>();
  const boxes = [...byDataset].map(([key, own]): DrawnBox => {
    const [first = chosen] = own;
    const layer = layers.get(key) ?? 0;
    const x = sizes.margin + layer * (sizes.box + sizes.between);
    const y = heights.get(layer) ?? sizes.margin;
    const node = graph.find(first);
    const used = new Set(own.flatMap(({ column }) => column ?? []));
    const columns = [
      ...(node?.columns?.filter((column) => used.has(column)) ?? []),
      ...[...used].filter((column) => !node?.columns?.includes(column)),
    ];
    const head = { ...first, column: null };
    const shown = [head, ...columns.map((column) => ({ ...first, column }))].map((place, index) => {
      const at = y + index * sizes.line;
      lines.set(idOf(place), { x, y: at + sizes.line / 2 });
      const text =
        place.column ?? `${place.pipeline === chosen.pipeline ? '' : `${place.pipeline}: `}${written(place)}`;
      return { id: idOf(place), text, y: at, isChosen: columnKey(place) === columnKey(chosen) };
    });
    const height = shown.length * sizes.line + 6;
    heights.set(layer, y + height + sizes.apart);
    return { x, y, height, lines: shown, note: node?.unknown ?? null };
  });
  const edges = links.flatMap(({ from, to, kinds }): DrawnEdge[] => {
    const [start, end] = [lines.get(idOf(from)), lines.get(idOf(to))];
    if (!start || !end) return [];
    const isDirect = kinds.some((kind) => (directKinds as readonly string[]).includes(kind));
    return [
      { from: idOf(from), to: idOf(to), x1: start.x + sizes.box, y1: start.y, x2: end.x, y2: end.y, kinds, isDirect },
    ];
  });
  const width = Math.max(0, ...boxes.map(({ x }) => x)) + sizes.box + sizes.margin;
  return { width, height: Math.max(0, ...heights.values()), boxes, edges };
}

/** The layer of each dataset: one more than that of the last one it comes from. */
function layersOf(keys: readonly string[], links: readonly Link[]): ReadonlyMap<string, number> {
  const layers = new Map(keys.map((key) => [key, 0]));
  // A step reads what its own earlier queries made, so the longest way has at most as many datasets as there are.
  for (const _ of keys)
    for (const { from, to } of links) {
      const [before, after] = [placeKey(from), placeKey(to)];
      if (before !== after) layers.set(after, Math.max(layers.get(after) ?? 0, (layers.get(before) ?? 0) + 1));
    }
  return layers;
}
