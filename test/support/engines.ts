/** A PostgreSQL server that tests can make databases on. */
export interface Engine {
  /** `embedded`, or `postgresql-15` for one that is installed on the machine. */
  readonly name: string;
  /** A superuser's connection to a database that no test writes to. */
  readonly adminUrl: string;
  /** The migrated database that every test database is a copy of. */
  readonly template: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    engines: readonly Engine[];
  }
}

/** The same server, another database. */
export function urlOf(engine: Engine, database: string): string {
  const url = new URL(engine.adminUrl);
  url.pathname = `/${database}`;
  return url.toString();
}
