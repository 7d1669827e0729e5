/** The reason why a dataset cannot store a query's type. The caller that knows the column catches it. */
export class Unstorable extends Error {
  override readonly name = 'Unstorable';

  constructor(type: string, instead: string) {
    super(`${type} cannot be stored in a dataset: write ${instead}`);
  }
}
