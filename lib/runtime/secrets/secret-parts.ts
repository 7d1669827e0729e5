/** Names of things that are kept secret, as variables, JSON keys, URL parameters and connection strings have them. */
const secretName =
  /(pass(word|wd|phrase)?|pwd|secret|token|api_?key|access_?key|private_?key|credentials?|auth(orization)?|signature)$/i;

/** A value with an innocent name (`host`, `user`) is kept secret from this length on: shorter ones are words that logs need. */
const longValue = 20;

/** Lines of a key in PEM; the first and last ones say only what it is. */
const shortestLine = 16;

/** The texts inside of a secret that are secret by themselves: fields of JSON, the password of a URL or connection string, the lines of a key. */
export function secretParts(secret: string): string[] {
  return [...jsonFields(secret), ...connectionPasswords(secret), ...keyLines(secret)];
}

/** The secrets that a process has in its environment: passwords in URLs, and variables that are called so. */
export function secretsIn(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(environment).flatMap(([name, value = '']) => {
    // A folder (PWD) or a file with a key is no secret, but its content.
    const named = secretName.test(name) && value.length >= 8 && !value.startsWith('/');
    // Offline, it is a secret's own variable; the declarations beside it name secrets and hold none.
    const own = name.startsWith('DAYBREAK_SECRET_') || named;
    return [...(own ? [value] : []), ...connectionPasswords(value)];
  });
}

function jsonFields(text: string): string[] {
  if (!/^\s*[[{]/.test(text)) return [];
  const found: string[] = [];
  const walk = (value: unknown, name: string): void => {
    if (typeof value === 'string') {
      if (secretName.test(name) || value.length >= longValue) found.push(value, ...secretParts(value));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) walk(inner, Array.isArray(value) ? name : key);
    }
  };
  try {
    walk(JSON.parse(text), '');
  } catch {
    // It only looks like JSON.
  }
  return found;
}

function connectionPasswords(text: string): string[] {
  const found: string[] = [];
  for (const [, user = '', password = ''] of text.matchAll(/[a-z][a-z0-9+.-]*:\/\/([^\s/?#:@]*):([^\s/?#]*)@/gi)) {
    // A password that is the user's name keeps nothing secret, and is a word that logs need.
    if (password !== user) found.push(password, decoded(password));
  }
  for (const [, name = '', value = ''] of text.matchAll(/(?:^|[?&;\s])(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|[^\s&;]+)/g)) {
    const bare = value.replace(/^'(.*)'$/, '$1').replace(/\\(.)/g, '$1');
    if (secretName.test(name)) found.push(bare, decoded(bare));
  }
  return found;
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

function keyLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  return lines.length === 1 ? [] : lines.filter((line) => line.length >= shortestLine && !line.startsWith('-----'));
}
