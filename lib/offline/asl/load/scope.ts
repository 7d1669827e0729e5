/** Where mistakes of the definition are collected. */
export interface Complaints {
  complain(path: string, message: string): void;
}

interface Mention {
  readonly name: string;
  readonly path: string;
}

const variable = /^[\p{L}_][\p{L}\p{N}_]{0,79}$/u;

/** The variables that states of one graph assign, and the states that they go to. Variables of a branch live inside it and may not have the name of an outer one. */
export class Scope {
  readonly #machine: Complaints;
  readonly #outer: Scope | null;
  readonly #assigned: Mention[] = [];
  readonly targets: Mention[] = [];

  constructor(machine: Complaints, outer: Scope | null) {
    this.#machine = machine;
    this.#outer = outer;
  }

  inner(): Scope {
    return new Scope(this.#machine, this);
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
      if (this.#outer?.assigns(name)) {
        this.#machine.complain(
          path,
          `$${name} is assigned outside of this branch, which may read it but not assign it`,
        );
      }
    }
  }

  assigns(name: string): boolean {
    return this.#assigned.some((mention) => mention.name === name) || (this.#outer?.assigns(name) ?? false);
  }
}
