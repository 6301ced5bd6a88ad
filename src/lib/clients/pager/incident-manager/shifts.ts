import { ListRotationShiftsCommand, type RotationShift } from '@aws-sdk/client-ssm-contacts';
import { OncallError } from '../../../errors.ts';
import type { Shift } from '../pager.ts';
import { contactKind, fetchContact } from './contacts.ts';
import { everyPage } from './every-page.ts';
import { givenInstant } from './instants.ts';
import type { Session } from './session.ts';

const MINUTE = 60_000;
const SECOND = 1000;

async function rotationsOf(session: Session, schedule: string): Promise<string[]> {
  const found = await fetchContact(session, schedule);
  const kind = contactKind(found.Type);
  if (kind !== 'schedule') {
    throw new OncallError(`"${schedule}" is a ${kind === 'plan' ? 'escalation plan' : 'person'}, not a schedule.`, {
      code: 'USAGE',
      hint: 'Show the schedules with `oncall who`.',
    });
  }
  return found.Plan?.RotationIds ?? [];
}

async function shiftsOf(session: Session, RotationId: string, span: { from: number; to: number }): Promise<Shift[]> {
  const { line, names } = session;
  const rotation = names.id(RotationId);
  const call = { action: 'ssm-contacts:ListRotationShifts', about: `rotation ${rotation}` };
  const listed = await everyPage<RotationShift>(async (NextToken) => {
    const answer = await line.ask(call, (options) =>
      line.contacts.send(
        new ListRotationShiftsCommand({
          RotationId,
          // Sent in whole seconds, rounded: the start must not come after the instant that is meant.
          StartTime: new Date(Math.floor(span.from / SECOND) * SECOND),
          EndTime: new Date(Math.ceil(span.to / SECOND) * SECOND),
          NextToken,
          MaxResults: 100,
        }),
        options,
      ),
    );
    return { items: answer.RotationShifts, next: answer.NextToken };
  });
  return listed.map((shift) => ({
    rotation,
    people: (shift.ContactIds ?? []).map((arn) => names.alias(arn) ?? arn),
    from: givenInstant(shift.StartTime),
    to: givenInstant(shift.EndTime),
    override: shift.Type === 'OVERRIDDEN',
  }));
}

/** Every shift of a schedule's rotations that touches the span, by start. @throws NOT_FOUND, USAGE for no schedule */
export async function listShifts(
  session: Session,
  schedule: string,
  span: { from: string; to: string },
): Promise<Shift[]> {
  const rotations = await rotationsOf(session, schedule);
  const between = { from: Date.parse(span.from), to: Date.parse(span.to) };
  const lists = await Promise.all(rotations.map((rotation) => shiftsOf(session, rotation, between)));
  return lists
    .flat()
    .filter((shift) => Date.parse(shift.from) < between.to && Date.parse(shift.to) > between.from)
    .sort((a, b) => a.from.localeCompare(b.from));
}

/** The shifts that run at an instant; empty when nobody is on call then. */
export async function shiftsAt(session: Session, schedule: string, at: string): Promise<Shift[]> {
  const moment = Date.parse(at);
  const span = { from: at, to: new Date(moment + MINUTE).toISOString() };
  const shifts = await listShifts(session, schedule, span);
  return shifts.filter(({ from, to }) => Date.parse(from) <= moment && moment < Date.parse(to));
}
