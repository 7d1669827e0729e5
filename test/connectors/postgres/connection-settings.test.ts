import { describe, expect, test } from 'vitest';
import { connectionSettings } from '../../../lib/connectors/postgres/connection-settings.ts';

describe('how a database is reached', () => {
  test.each([
    ['postgres://u:p@db.example.com/x', true],
    ['postgres://u:p@10.0.0.5:5433/x', true],
    ['postgres://u:p@127.0.0.1.example.com/x', true],
    ['postgres://u:p@localhost.example.com/x', true],
    ['postgres://u:p@localhost/x', false],
    ['postgres://u:p@127.8.0.1:1/x', false],
    ['postgres://u:p@[::1]:5432/x', false],
    ['postgres://u:p@db.example.com/x?sslmode=disable', false],
    ['postgres://u:p@localhost/x?sslmode=verify-full', true],
    ['postgres:///x?host=/var/run/postgresql', false],
    ['postgres://%2Fvar%2Frun%2Fpostgresql/x', false],
  ])('%s: TLS %s', (url, tls) => {
    const { config } = connectionSettings({ url }, {});
    if (tls) expect(config.ssl).toMatchObject({ rejectUnauthorized: true });
    else expect(config.ssl).toBe(false);
  });

  test('errors name host and database, never user and password', () => {
    expect(connectionSettings({ url: 'postgres://me:pass@db.example.com:6432/sales%20x' }, {}).place).toBe(
      'database "sales x" at db.example.com:6432',
    );
  });

  test.each([
    ['mysql://u:secret@h/x', /must begin with postgres/],
    ['postgres://u:sec/ret@h/x', /cannot be read.*%2F/],
    ['postgres://u:sec#ret@h/x', /cannot be read/],
    ['postgres://u:1?secret@h/x', /cannot be read/],
    ['postgres://u:secret@h/x?sslmode=prefer', /sslmode=prefer.*disable, require, verify-ca, verify-full/],
    ['postgres://u:secret@h/x?sslrootcert=/nowhere.pem', /\/nowhere\.pem cannot be read \(ENOENT\)/],
  ])('%s is refused', (url, message) => {
    expect(() => connectionSettings({ url }, {})).toThrow(message);
    expect(() => connectionSettings({ url }, {})).not.toThrow(/sec|ret@/);
  });
});
