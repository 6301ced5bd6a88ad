import { MEMBERS, ROLES } from './company-server.ts';

/** What a request allows to be pinged. https://discord.com/developers/docs/resources/message#allowed-mentions-object */
export interface AllowedMentions {
  parse?: readonly string[];
  users?: readonly string[];
  roles?: readonly string[];
}

/** Whom a message mentions, and who is notified because of it. */
export interface Mentions {
  everyone: boolean;
  users: string[];
  roles: string[];
}

/**
 * Finds the mentions in a text that are allowed. Without `allowed_mentions` every kind is; with it only what it lists.
 * Nothing outside `content` ever pings.
 */
export function mentionsIn(content: string, allowed: AllowedMentions | undefined): Mentions {
  const kind = (name: string) => !allowed || (allowed.parse ?? []).includes(name);
  const ids = (pattern: RegExp) => [...new Set([...content.matchAll(pattern)].map(([, id = '']) => id))];
  const may = (name: 'users' | 'roles', id: string) => kind(name) || (allowed?.[name] ?? []).includes(id);
  return {
    everyone: /@(everyone|here)\b/.test(content) && kind('everyone'),
    users: ids(/<@!?(\d{15,20})>/g).filter((id) => MEMBERS.includes(id) && may('users', id)),
    roles: ids(/<@&(\d{15,20})>/g).filter((id) => ROLES.has(id) && may('roles', id)),
  };
}

/** The members whose phone rings for these mentions. */
export function pingedBy({ everyone, users, roles }: Mentions): string[] {
  if (everyone) return [...MEMBERS];
  return [...new Set([...users, ...roles.flatMap((role) => ROLES.get(role) ?? [])])].sort();
}
