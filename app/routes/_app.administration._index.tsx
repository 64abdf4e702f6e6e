import { Link, useLoaderData } from '@remix-run/react'
import { redirect } from '@remix-run/node'
import { useTranslation } from 'react-i18next'
import { partsHealth } from '#db/administration.ts'
import { recordAudit } from '#db/audit.ts'
import { askForJourney, journey } from '#db/clock-travel.ts'
import { readClock } from '#db/clock.ts'
import { countTrouble } from '#db/incidents.ts'
import { Refusal } from '#db/refusal.ts'
import { ClockPanel } from '../administration/ClockPanel.tsx'
import { journeyTarget } from '../administration/journey.ts'
import { PartsPanel } from '../administration/PartsPanel.tsx'
import { RouteError } from '../components/ErrorView.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { guardedAction, guardedLoader } from '../guard.server.ts'
import { useFormats } from '../viewer.ts'

export const loader = guardedLoader('administration:read', async ({ db, context }) => {
  const realNow = Date.now()
  const [parts, clock, asked, trouble] = await Promise.all([
    partsHealth(db, realNow),
    readClock(db),
    journey(db),
    countTrouble(db),
  ])
  return { parts, realNow, trouble, clock: { ...clock, journey: asked, production: context.environment.production } }
})

/** Sends the demonstration's clock on its way; the worker makes the journey. */
export const action = guardedAction('clock:move', async ({ request, db, viewer, context }) => {
  if (context.environment.production) throw clockInProduction()
  const form = await request.formData()
  const [{ now }, asked] = await Promise.all([readClock(db), journey(db)])
  if (asked && !asked.done) throw alreadyMoving()
  const to = journeyTarget(form.get('jump'), form.get('at'), now)
  await askForJourney(db, to)
  await recordAudit(db, {
    personId: viewer.personId,
    postId: viewer.postId,
    act: 'clock.moved',
    data: { from: now, to },
  })
  return redirect('/administration')
})

const clockInProduction = () =>
  new Refusal('clock-in-production', 403, {
    vi: 'Hệ thống đang chạy thật nên không đổi được thời gian. Chưa có gì thay đổi.',
    en: 'This system is in production, so its clock cannot be moved. Nothing was changed.',
  })

const alreadyMoving = () =>
  new Refusal('clock-moving', 409, {
    vi: 'Thời gian đang đi tới thời điểm đã chọn trước đó nên yêu cầu này chưa được thực hiện. Hãy đợi đến nơi rồi chọn tiếp.',
    en: 'The clock is still on its way to where it was sent before, so this was not carried out. Wait until it has arrived.',
  })

export default function Health() {
  const { parts, realNow, trouble, clock } = useLoaderData<typeof loader>()
  const { t } = useTranslation('administration')
  const { number } = useFormats()
  const figures = [
    { name: 'incidents', count: trouble.incidents, to: '/administration/incidents', bad: true },
    { name: 'stuck', count: trouble.stuck, to: '/administration/incidents', bad: true },
    { name: 'failedCalls', count: trouble.failedCalls, to: '/administration/outbox?state=failed', bad: true },
    { name: 'faultyCalls', count: trouble.faultyCalls, to: '/administration/outbox', bad: false },
    { name: 'waitingCalls', count: trouble.waitingCalls, to: '/administration/outbox', bad: false },
  ] as const
  return (
    <>
      <PageHeader title={t('title')} subtitle={t('health.subtitle')} />
      <ul className="figures">
        {figures.map(({ name, count, to, bad }) => (
          <li key={name}>
            <Link to={to} data-tone={bad && count > 0 ? 'bad' : undefined}>
              <strong>{number(count)}</strong>
              <span>{t(`figures.${name}`)}</span>
            </Link>
          </li>
        ))}
      </ul>
      <div className="health">
        <PartsPanel parts={parts} realNow={realNow} />
        <ClockPanel clock={clock} worker={parts.find(({ part }) => part === 'worker')} />
      </div>
    </>
  )
}

export { RouteError as ErrorBoundary }
