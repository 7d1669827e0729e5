import {
  type DirectKind,
  directKinds,
  type IndirectKind,
  indirectKinds,
  type LineageInput,
  type LineageKind,
} from '../../contract/lineage/column-lineage.ts';

/** The inputs of an expression. A value: no function changes one. */
export interface Sources {
  /** By place, so that each input stands once. */
  readonly inputs: ReadonlyMap<string, LineageInput>;
  /** The reason why inputs may be missing; null when none is. */
  readonly unknown: string | null;
}

export const noSources: Sources = { inputs: new Map(), unknown: null };

/** Sources of which nothing is known. */
export function unknownSources(reason: string): Sources {
  return { inputs: new Map(), unknown: reason };
}

const keyOf = ({ step, dataset, column }: LineageInput): string => JSON.stringify([step, dataset, column]);

/** One column of a dataset as it is, or its rows. */
export function sourceOf(input: Omit<LineageInput, 'kinds'>): Sources {
  const whole: LineageInput = { ...input, kinds: ['identity'] };
  return { inputs: new Map([[keyOf(whole), whole]]), unknown: null };
}

const order: readonly LineageKind[] = [...directKinds, ...indirectKinds];
const inOrder = (kinds: Iterable<LineageKind>): LineageKind[] =>
  [...new Set(kinds)].toSorted((a, b) => order.indexOf(a) - order.indexOf(b));

/** All inputs of all of these. */
export function allOf(...parts: readonly Sources[]): Sources {
  const inputs = new Map<string, LineageInput>();
  for (const [key, input] of parts.flatMap((part) => [...part.inputs])) {
    const before = inputs.get(key)?.kinds ?? [];
    inputs.set(key, { ...input, kinds: inOrder([...before, ...input.kinds]) });
  }
  return { inputs, unknown: parts.find(({ unknown }) => unknown !== null)?.unknown ?? null };
}

const mapped = ({ inputs, unknown }: Sources, change: (kind: LineageKind) => LineageKind): Sources => ({
  inputs: new Map([...inputs].map(([key, input]) => [key, { ...input, kinds: inOrder(input.kinds.map(change)) }])),
  unknown,
});

/** True if the value is made of the input. */
export function isDirect(kind: LineageKind): kind is DirectKind {
  return (directKinds as readonly string[]).includes(kind);
}

/** The same after an expression or an aggregate: an aggregate on the way makes an aggregation of the whole way. */
export function made(sources: Sources, by: DirectKind): Sources {
  return mapped(sources, (kind) =>
    isDirect(kind) ? (directKinds[Math.max(directKinds.indexOf(kind), directKinds.indexOf(by))] ?? by) : kind,
  );
}

/** The same as inputs that only decide. */
export function deciding(sources: Sources, kind: IndirectKind): Sources {
  return mapped(sources, () => kind);
}

/** Without the entries for rows. */
export function columnsOnly({ inputs, unknown }: Sources): Sources {
  return { inputs: new Map([...inputs].filter(([, { column }]) => column !== null)), unknown };
}

/** True if both have the same inputs of the same kinds. */
export function isSame(a: Sources, b: Sources): boolean {
  const texts = ({ inputs }: Sources) =>
    JSON.stringify([...inputs].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return texts(a) === texts(b) && a.unknown === b.unknown;
}

/** The inputs in the order of their names. */
export function inputsOf({ inputs }: Sources): LineageInput[] {
  return [...inputs].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, input]) => input);
}
