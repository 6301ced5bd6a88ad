import { notFound, Refusal } from '../../../world/repositories/refusal.ts';
import type { Variable } from '../../../world/repositories/repository.ts';
import { timeText } from '../addresses.ts';
import type { RepositoryCall } from '../call.ts';
import type { RepositoryOperation } from '../operation.ts';
import { readBody, textOf } from '../request-body.ts';
import type { Need } from '../tokens.ts';

const READ: Need = { permission: 'actions_variables', level: 'read' };
const WRITE: Need = { permission: 'actions_variables', level: 'write' };
const PAGE = 'actions/variables';
/** Unlike other lists, this one has pages of ten, and of thirty at most. */
const PAGE_SIZE = { usual: 10, most: 30 };
const LONGEST_VALUE = 48 * 1024;

function variableBody(variable: Variable) {
  return {
    name: variable.name,
    value: variable.value,
    created_at: timeText(variable.createdAt),
    updated_at: timeText(variable.updatedAt),
  };
}

function checkName(name: string): string {
  if (!/^[A-Z_][A-Z0-9_]*$/i.test(name) || /^GITHUB_/i.test(name)) {
    throw new Refusal(
      'invalid',
      'Variable names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed. Cannot start with GITHUB_ or a number.',
    );
  }
  return name.toUpperCase();
}

function checkValue(value: string): string {
  if (Buffer.byteLength(value) > LONGEST_VALUE) throw new Refusal('invalid', 'Variable value is too large');
  return value;
}

function named({ call, repository }: RepositoryCall): Variable {
  const variable = repository.variables.get(call.param('name').toUpperCase());
  if (!variable) throw notFound();
  return variable;
}

function create({ call, repository }: RepositoryCall): void {
  const body = readBody(call.exchange, { name: 'string!', value: 'string!' });
  const name = checkName(textOf(body, 'name') ?? '');
  if (repository.variables.has(name)) throw new Refusal('conflict', 'Already exists - Variable already exists');
  repository.setVariable(name, checkValue(textOf(body, 'value') ?? ''));
  call.json(201, {});
}

function update(about: RepositoryCall): void {
  const { call, repository } = about;
  const variable = named(about);
  const body = readBody(call.exchange, { name: 'string', value: 'string' });
  const name = checkName(textOf(body, 'name') ?? variable.name);
  if (name !== variable.name) repository.variables.delete(variable.name);
  repository.setVariable(name, checkValue(textOf(body, 'value') ?? variable.value));
  call.empty(204);
}

/** Actions variables of a repository; a deploy hold is one of them. */
export const variableOperations: readonly RepositoryOperation[] = [
  {
    method: 'GET',
    path: '/actions/variables',
    docs: `${PAGE}#list-repository-variables`,
    needs: READ,
    run: ({ call, repository }) => {
      const all = [...repository.variables.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      call.counted(all, variableBody, { key: 'variables', repository, size: PAGE_SIZE });
    },
  },
  {
    method: 'POST',
    path: '/actions/variables',
    docs: `${PAGE}#create-a-repository-variable`,
    needs: WRITE,
    run: create,
  },
  {
    method: 'GET',
    path: '/actions/variables/:name',
    docs: `${PAGE}#get-a-repository-variable`,
    needs: READ,
    run: (about) => about.call.json(200, variableBody(named(about))),
  },
  {
    method: 'PATCH',
    path: '/actions/variables/:name',
    docs: `${PAGE}#update-a-repository-variable`,
    needs: WRITE,
    run: update,
  },
  {
    method: 'DELETE',
    path: '/actions/variables/:name',
    docs: `${PAGE}#delete-a-repository-variable`,
    needs: WRITE,
    run: (about) => {
      about.repository.variables.delete(named(about).name);
      about.call.empty(204);
    },
  },
];
