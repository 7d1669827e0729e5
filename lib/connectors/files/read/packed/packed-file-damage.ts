/** What is wrong with a packed file; caught where the file's name is known. */
export class PackedFileDamage extends Error {
  override readonly name = 'PackedFileDamage';
}
