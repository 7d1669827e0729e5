/** Why a query's type has no place in a dataset; caught where the column is known. */
export class Unstorable extends Error {
  override readonly name = 'Unstorable';

  constructor(type: string, instead: string) {
    super(`${type} cannot be stored in a dataset: write ${instead}`);
  }
}
