import { createHash } from 'node:crypto';

/** Characters of a block. One hash per block costs next to nothing beside the hashing itself; less than a block is all that has to be kept when a digest is to go on elsewhere. */
const blockChars = 64 * 1024;

/** A digest that is not finished: what another process needs to go on with it. */
export interface DigestSoFar {
  /** SHA-256 over everything before `tail`, hex. */
  readonly digest: string;
  /** Lines of the block that is not full yet. */
  readonly tail: string;
}

const chained = (digest: Buffer, bytes: Uint8Array): Buffer =>
  createHash('sha256').update(digest).update(bytes).digest();

/**
 * The digest of a dataset's content: SHA-256 of the head, then for each block SHA-256 of the digest so far and the block. A block ends with the row that makes it full, so the
 * blocks follow from the rows alone: equal rows have an equal digest however they were appended, cut into parts, or shared among invocations.
 */
export class ContentDigest {
  #digest: Buffer;
  #tail: string;

  constructor(head: string, soFar?: DigestSoFar) {
    this.#digest = soFar ? Buffer.from(soFar.digest, 'hex') : createHash('sha256').update(head).digest();
    this.#tail = soFar?.tail ?? '';
  }

  /** Characters until the block is full. Text that is added must not end a row beyond it. */
  get room(): number {
    return blockChars - this.#tail.length;
  }

  /** Takes whole rows, as text and as the bytes of it. */
  add(text: string, bytes: Uint8Array): void {
    if (this.#tail === '' && text.length >= blockChars) {
      this.#digest = chained(this.#digest, bytes);
      return;
    }
    this.#tail += text;
    if (this.#tail.length < blockChars) return;
    this.#digest = chained(this.#digest, Buffer.from(this.#tail));
    this.#tail = '';
  }

  /** What it takes to go on. */
  soFar(): DigestSoFar {
    return { digest: this.#digest.toString('hex'), tail: this.#tail };
  }

  /** The digest of everything, hex. */
  finish(): string {
    const whole = this.#tail === '' ? this.#digest : chained(this.#digest, Buffer.from(this.#tail));
    return whole.toString('hex');
  }
}
