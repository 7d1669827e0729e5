import fc from 'fast-check';
import { expect } from 'vitest';
import {
  byCursor,
  byLink,
  byOffset,
  byPageNumber,
  type HttpCursor,
  httpPages,
  type Paging,
} from '../../../lib/connectors/sources.ts';
import { httpStep } from '../http-step.ts';
import {
  type ApiPlan,
  type Fault,
  faultyApi,
  harmlessOddities,
  lastingFaults,
  type PagingName,
  pagings,
  passingFaults,
  type Row,
  rowOf,
} from './faulty-api.ts';

interface Body {
  readonly items: readonly { readonly id: number; readonly name: string; readonly amount: unknown }[];
  readonly next: string | null;
}

const pagingOf: Readonly<Record<PagingName, () => Paging<Body>>> = {
  offset: () => byOffset({ limit: 1000, parameter: 'at' }),
  page: () => byPageNumber(),
  cursor: () => byCursor(({ next }) => next, { parameter: 'at' }),
  link: () => byLink(),
  'link in body': () => byLink(({ next }) => next),
};

const schema = { safeParse: (data: unknown) => ({ success: true as const, data: data as Body }) };

/** The way in which a step reads. */
interface Reader {
  readonly paging: PagingName;
  readonly hasKey: boolean;
  /** True if the step hands on after every page, so that the next attempt continues there. */
  readonly handsOn: boolean;
}

/** Reads as a retried step does: pages before a checkpoint count, later ones do not. */
async function readLikeAStep(url: string, { paging, hasKey, handsOn }: Reader): Promise<Row[] | Error> {
  const kept: Row[] = [];
  let after: HttpCursor | null = null;
  for (let attempt = 1; ; attempt += 1) {
    let since: Row[] = [];
    const source = { url: `${url}?x=1`, schema, items: ({ items }: Body) => items, paging: pagingOf[paging](), after };
    try {
      const keyed = { ...source, key: ({ id }: { readonly id: number }) => id };
      for await (const { items, cursor } of httpPages(httpStep(), hasKey ? keyed : source)) {
        since.push(...items.map(({ id, name, amount }) => ({ id, name, amount: String(amount) })));
        if (!handsOn) continue;
        kept.push(...since);
        since = [];
        after = JSON.parse(JSON.stringify(cursor));
      }
      // A row that a page left out at first may come behind others.
      return [...kept, ...since].sort((a, b) => a.id - b.id);
    } catch (error) {
      if ((error as Error).name !== 'RetryableError' || attempt === 12) return error as Error;
    }
  }
}

/** At least one early request goes wrong, so that the fault is likely to come. */
const faultsOf = (kinds: Readonly<Record<string, Fault>>, most: number) =>
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom(...Object.keys(kinds))), {
      minLength: 1,
      maxLength: most,
    })
    .map((drawn) => ({
      names: drawn,
      faults: new Map(drawn.map(([request, name]) => [request, kinds[name] as Fault])),
    }));

const plans = (kinds: Readonly<Record<string, Fault>>, most: number) =>
  fc.record({
    rows: fc.integer({ min: 0, max: 23 }),
    cap: fc.integer({ min: 1, max: 8 }),
    isEven: fc.boolean(),
    paging: fc.constantFrom(...pagings),
    hasKey: fc.boolean(),
    handsOn: fc.boolean(),
    drawn: faultsOf(kinds, most),
  });

type Plan = Omit<ApiPlan, 'faults'> & Reader & { readonly drawn: { readonly faults: ApiPlan['faults'] } };

/** Reads the API of a plan, and checks that no request left it. */
async function play({ drawn, ...plan }: Plan) {
  const api = await faultyApi({ ...plan, faults: drawn.faults });
  const before = [...api.all];
  const read = await readLikeAStep(api.url, plan);
  expect(api.elsewhere).toEqual([]);
  if (read instanceof Error) expect(['RetryableError', 'PermanentError', 'ValidationError']).toContain(read.name);
  api.stop();
  return { read, before, after: api.all };
}

/** Checks that rows arrive once and exactly, however often the API fails. */
export async function checkPassingFaults(numRuns: number): Promise<void> {
  const property = fc.asyncProperty(plans({ ...passingFaults, ...harmlessOddities }, 5), async (plan) => {
    const { read, before } = await play(plan);
    expect(read).toEqual(before);
  });
  await fc.assert(property, { numRuns });
}

/** Checks that rows arrive once and exactly, or not at all, if answers are wrong. */
export async function checkWrongAnswers(numRuns: number): Promise<void> {
  let errors = 0;
  const kinds = { ...passingFaults, ...harmlessOddities, ...lastingFaults };
  const property = fc.asyncProperty(plans(kinds, 3), async (plan) => {
    // Without a key, nothing distinguishes a row that comes twice in place of another from the right one.
    const isTwin = (name: string) => name === 'a row too few' || (name === 'the page before' && !plan.isEven);
    fc.pre(plan.hasKey || plan.paging !== 'offset' || !plan.drawn.names.some(([, name]) => isTwin(name)));
    const { read, before } = await play(plan);
    if (read instanceof Error) errors += 1;
    else expect(read).toEqual(before);
  });
  await fc.assert(property, { numRuns });
  // Runs without a fault prove nothing.
  expect(errors).toBeGreaterThan(numRuns / 20);
}

/** Adds and removes rows while pages are read. */
const changes: Readonly<Record<string, (rows: Row[]) => void>> = {
  'a new first row': (rows) => void rows.unshift(rowOf(0)),
  'a new last row': (rows) => void rows.push(rowOf(99)),
  'the first row is gone': (rows) => void rows.shift(),
  'the last row is gone': (rows) => void rows.pop(),
};

/** Checks that every row that exists throughout arrives once, and no row twice, or that the reading fails. */
export async function checkChangingRows(numRuns: number): Promise<void> {
  const plan = fc.record({
    rows: fc.integer({ min: 3, max: 23 }),
    cap: fc.integer({ min: 2, max: 5 }),
    paging: fc.constantFrom('offset' as const, 'page' as const, 'link' as const),
    hasKey: fc.boolean(),
    handsOn: fc.boolean(),
    drawn: faultsOf(passingFaults, 1),
    change: fc.tuple(fc.integer({ min: 2, max: 5 }), fc.constantFrom(...Object.keys(changes))),
  });
  let whole = 0;
  const property = fc.asyncProperty(plan, async ({ change: [request, name], ...rest }) => {
    const change = new Map([[request, changes[name] as (rows: Row[]) => void]]);
    const { read, before, after } = await play({ ...rest, isEven: true, changes: change });
    if (read instanceof Error) return;
    whole += 1;
    const ids = read.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const lasting = before.filter(({ id }) => after.some((row) => row.id === id));
    expect(read).toEqual(expect.arrayContaining(lasting));
  });
  await fc.assert(property, { numRuns });
  expect(whole).toBeGreaterThan(numRuns / 4);
}
