/** The collector of mistakes in the definition. */
export interface Complaints {
  complain(path: string, message: string): void;
}

interface Mention {
  readonly name: string;
  readonly path: string;
}

const variable = /^[\p{L}_][\p{L}\p{N}_]{0,79}$/u;

/**
 * The variables that states of one graph assign, and the states that they go to. Variables of a branch live inside it and may not have the name of an outer one. A variable that only
 * the Catch of the branch's own state assigns is no outer one to AWS: it exists when the branch is over.
 */
export class Scope {
  readonly #machine: Complaints;
  readonly #outer: Scope | null;
  /** Path of the state that this graph is in; null for the graph of the machine. */
  readonly #state: string | null;
  readonly #assigned: Mention[] = [];
  readonly targets: Mention[] = [];

  constructor(machine: Complaints, inside: { readonly outer: Scope; readonly state: string } | null) {
    this.#machine = machine;
    this.#outer = inside?.outer ?? null;
    this.#state = inside?.state ?? null;
  }

  /** The scope of a graph inside the state with this path. */
  inner(state: string): Scope {
    return new Scope(this.#machine, { outer: this, state });
  }

  assign(name: string, path: string): void {
    if (name === 'states') this.#machine.complain(path, "$states is reserved; a variable cannot be named 'states'");
    else if (!variable.test(name))
      this.#machine.complain(path, 'is not a variable name: letters, digits and _, at most 80');
    this.#assigned.push({ name, path });
  }

  goTo(name: string, path: string): void {
    this.targets.push({ name, path });
  }

  /** To be called when the outer scopes have been read as a whole. */
  checkVariables(): void {
    for (const { name, path } of this.#assigned) {
      if (this.#isOuter(name)) {
        this.#machine.complain(
          path,
          `$${name} is assigned outside of this branch, which may read it but not assign it`,
        );
      }
    }
  }

  #isOuter(name: string): boolean {
    if (!this.#outer) return false;
    const own = `${this.#state}/Catch[`;
    const assigned = this.#outer.#assigned.some((mention) => mention.name === name && !mention.path.startsWith(own));
    return assigned || this.#outer.#isOuter(name);
  }
}
