/** Remembers secret values, so that they can be kept out of whatever is written. */
export class Redactor {
  /** Longest first: a secret that contains another is replaced whole. */
  #values: string[] = [];

  /** From now on the value, also as it stands in a URL or inside JSON, is replaced. */
  add(secret: string): void {
    const forms = [
      secret,
      secret.trim(),
      encodeURIComponent(secret.toWellFormed()),
      JSON.stringify(secret).slice(1, -1),
    ];
    const all = new Set([...this.#values, ...forms.filter((form) => form !== '')]);
    this.#values = [...all].sort((a, b) => b.length - a.length);
  }

  /** The text without any of the secrets. */
  redact = (text: string): string => this.#values.reduce((rest, value) => rest.replaceAll(value, '[secret]'), text);
}
