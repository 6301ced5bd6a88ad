import { GITHUB_OWNER, type Person } from '../catalog.ts';
import type { Ids } from './ids.ts';

/** Someone who can act on GitHub. */
export interface Account {
  id: number;
  login: string;
  name: string;
  email: string;
  type: 'User' | 'Bot' | 'Organization';
}

/** The account behind every workflow's own token. Its id is the real one, which many tools know by heart. */
export const ACTIONS_BOT: Account = {
  id: 41_898_282,
  login: 'github-actions[bot]',
  name: 'github-actions[bot]',
  email: '41898282+github-actions[bot]@users.noreply.github.com',
  type: 'Bot',
};

/** The committer of whatever is merged with a button. */
export const WEB_FLOW: Account = {
  id: 19_864_447,
  login: 'web-flow',
  name: 'GitHub',
  email: 'noreply@github.com',
  type: 'User',
};

/** Everyone with an account, found by login or by the alias that the rest of the world knows them by. */
export class Accounts {
  readonly owner: Account;
  readonly #byName = new Map<string, Account>();

  constructor(people: readonly Person[], ids: Ids) {
    this.owner = { id: ids.next('user'), login: GITHUB_OWNER, name: GITHUB_OWNER, email: '', type: 'Organization' };
    for (const person of people) {
      const { name, email, githubLogin } = person;
      const account: Account = { id: ids.next('user'), login: githubLogin, name, email, type: 'User' };
      this.#byName.set(person.alias, account).set(githubLogin, account);
    }
    this.#byName.set(ACTIONS_BOT.login, ACTIONS_BOT).set(this.owner.login, this.owner);
  }

  /** @throws Error for a name that nobody has: the world's own data is wrong then. */
  named(aliasOrLogin: string): Account {
    const account = this.#byName.get(aliasOrLogin);
    if (!account) throw new Error(`nobody in the sandbox is called ${aliasOrLogin}`);
    return account;
  }
}
