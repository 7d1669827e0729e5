/** For each step the direct dependencies that the nesting itself puts before it. The others are left to a wait. */
export class KeptEdges {
  readonly #dependencies: readonly (readonly number[])[];
  readonly #kept: (readonly number[])[];
  /** Scratch for `components`: the set's number where a step is in it, and union-find's parents. */
  readonly #set: Int32Array;
  readonly #parent: Int32Array;
  #sets = 0;

  /** `dependencies` are the edges of the transitive reduction. At first none is kept. */
  constructor(dependencies: readonly (readonly number[])[]) {
    this.#dependencies = dependencies;
    this.#kept = dependencies.map(() => []);
    this.#set = new Int32Array(dependencies.length);
    this.#parent = new Int32Array(dependencies.length);
  }

  of(step: number): readonly number[] {
    return this.#kept[step] ?? [];
  }

  replace(step: number, kept: readonly number[]): void {
    this.#kept[step] = kept;
  }

  add(step: number, befores: readonly number[]): void {
    this.#kept[step] = [...this.of(step), ...befores];
  }

  missing(step: number): number[] {
    const kept = this.of(step);
    return (this.#dependencies[step] ?? []).filter((before) => !kept.includes(before));
  }

  /** True if the step waits: some dependency is not kept. */
  isWaiting(step: number): boolean {
    return this.of(step).length < (this.#dependencies[step]?.length ?? 0);
  }

  /** The sets of steps that kept edges hold together, each ascending; `steps` are ascending. */
  components(steps: Int32Array): Int32Array[] {
    const number = ++this.#sets;
    for (const step of steps) {
      this.#set[step] = number;
      this.#parent[step] = step;
    }
    let count = steps.length;
    for (const step of steps)
      for (const before of this.of(step)) if (this.#set[before] === number && this.#union(before, step)) count--;
    if (count === 1) return [steps];
    const found = new Map<number, number[]>();
    for (const step of steps) {
      const root = this.#root(step);
      const component = found.get(root);
      if (component) component.push(step);
      else found.set(root, [step]);
    }
    return [...found.values()].map((component) => Int32Array.from(component));
  }

  /** True if the two were apart. */
  #union(a: number, b: number): boolean {
    const [one, other] = [this.#root(a), this.#root(b)];
    if (one !== other) this.#parent[Math.max(one, other)] = Math.min(one, other);
    return one !== other;
  }

  #root(step: number): number {
    const parent = this.#parent;
    let at = step;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] ?? at] ?? at;
      at = parent[at] ?? at;
    }
    return at;
  }
}
