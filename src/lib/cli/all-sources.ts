import type { Context } from './context.ts';

/** All clients at once, for what is put together from everything. What is not configured is null. */
export async function allSources(context: Context) {
  const [config, memory, pager, prometheus, alertmanager, github, kubernetes] = await Promise.all([
    context.config(),
    context.memory(),
    context.pager(),
    context.ifConfigured(context.prometheus()),
    context.ifConfigured(context.alertmanager()),
    context.ifConfigured(context.github()),
    context.ifConfigured(context.kubernetes()),
  ]);
  return {
    pager,
    prometheus,
    alertmanager,
    github,
    kubernetes,
    services: config.services,
    prometheusUrl: config.connection.prometheus?.url ?? null,
    memory,
    textBeside: (path: string) => context.textBeside(path),
    now: () => context.now(),
  };
}
