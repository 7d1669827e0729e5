import type { Chance } from './chance.ts';
import { type FaultKind, faultKinds, faultNames } from './fault-kinds.ts';

/** The number of times that each kind really happened. */
export type FaultCounts = Readonly<Record<FaultKind, number>>;

/** In each run some kinds are off and others are frequent: such mixtures find more than all kinds at once. */
const strengths = [0, 0, 0.4, 1, 3] as const;

/** Decides where faults strike in one run, and counts them. */
export class Faults {
  readonly #chance: Chance;
  readonly #rates: ReadonlyMap<FaultKind, number>;
  readonly #counts = new Map<FaultKind, number>();
  #on = false;

  /** `rates` sets kinds by hand; the others are drawn for this run. */
  constructor(chance: Chance, rates: Partial<Record<FaultKind, number>> = {}) {
    this.#chance = chance;
    this.#rates = new Map(
      faultNames.map((kind) => [
        kind,
        rates[kind] ?? faultKinds[kind].rate * chance.pick(`strength of ${kind}`, strengths),
      ]),
    );
  }

  start(): void {
    this.#on = true;
  }

  /** From now on no fault strikes. */
  stop(): void {
    this.#on = false;
  }

  /** True if this kind strikes here. It is not counted yet, since the strike may have no effect. */
  strikes(kind: FaultKind, place: string): boolean {
    return this.#on && this.#chance.roll(`${kind} at ${place}`) < (this.#rates.get(kind) ?? 0);
  }

  /** A fault really happened. */
  count(kind: FaultKind): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  /** Strikes and counts at once, for faults that happen where they strike. */
  happens(kind: FaultKind, place: string): boolean {
    const struck = this.strikes(kind, place);
    if (struck) this.count(kind);
    return struck;
  }

  get counts(): FaultCounts {
    return Object.fromEntries(faultNames.map((kind) => [kind, this.#counts.get(kind) ?? 0])) as FaultCounts;
  }
}
