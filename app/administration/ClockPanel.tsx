import { Button } from '@mantine/core'
import { Form, useNavigation } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { Journey } from '#db/clock-travel.ts'
import type { PartHealth } from '#db/administration.ts'
import { FormRefusal, TextField } from '../components/Field.tsx'
import { useRefusal } from '../refusal.ts'
import { useFormats, useSentence } from '../viewer.ts'
import { localInput } from './journey.ts'
import { RefreshWithoutScripts, useFollowing } from './use-following.tsx'

export interface ClockState {
  /** Epoch ms on the one clock. */
  now: number
  /** How far it runs ahead of real time, ms. */
  offsetMs: number
  journey: Journey | null
  production: boolean
}

/** The demonstration's clock: what it says, and how far ahead people want it. */
export function ClockPanel({ clock, worker }: { clock: ClockState; worker: PartHealth | undefined }) {
  const { t } = useTranslation('administration')
  const { dateTime, duration } = useFormats()
  const { journey, now, offsetMs, production } = clock
  const travelling = journey !== null && !journey.done
  useFollowing(travelling, { reloadAfter: true })
  return (
    <section className="panel" aria-labelledby="clock">
      <h2 id="clock">{t('clock.title')}</h2>
      <p className="clock-now">
        <time dateTime={new Date(now).toISOString()}>{dateTime(now)}</time>
        <span className="muted">
          {offsetMs > 0 ? t('clock.ahead', { duration: duration(offsetMs) }) : t('clock.real')}
        </span>
      </p>
      {production ? (
        <p className="muted">{t('clock.production')}</p>
      ) : travelling ? (
        <Travelling journey={journey} workerIsUp={worker?.state === 'up'} />
      ) : (
        <ClockForm now={now} />
      )}
      {journey?.done && (
        <p className="muted">
          {journey.error === undefined
            ? t('clock.arrived', { at: dateTime(journey.reached), count: journey.fired })
            : t('clock.brokenOff', { cause: journey.error })}
        </p>
      )}
    </section>
  )
}

function Travelling({ journey, workerIsUp }: { journey: Journey; workerIsUp: boolean }) {
  const { t } = useTranslation('administration')
  const { dateTime } = useFormats()
  return (
    <div role="status" className="clock-travelling">
      <RefreshWithoutScripts />
      <p>
        <strong>{t('clock.travelling', { to: dateTime(journey.to) })}</strong>
      </p>
      <p className="muted">
        {journey.reached > 0
          ? t('clock.reached', { at: dateTime(journey.reached), count: journey.fired })
          : t('clock.setOff')}
        {!workerIsUp && ` ${t('clock.workerAway')}`}
      </p>
    </div>
  )
}

function ClockForm({ now }: { now: number }) {
  const { t } = useTranslation('administration')
  const say = useSentence()
  const refusal = useRefusal()
  const busy = useNavigation().state === 'submitting'
  const wrong = refusal?.fields.at
  return (
    <Form method="post" className="stack">
      {!wrong && <FormRefusal refusal={refusal} />}
      <div className="clock-jumps">
        {(['tomorrow', 'hour', 'week'] as const).map((jump) => (
          <Button key={jump} type="submit" variant="default" name="jump" value={jump} formNoValidate disabled={busy}>
            {t(`clock.jump.${jump}`)}
          </Button>
        ))}
      </div>
      <div className="clock-at">
        <TextField
          name="at"
          type="datetime-local"
          label={t('clock.at')}
          min={localInput(now + 60_000)}
          error={wrong && say(wrong)}
        />
        <Button type="submit" variant="default" name="jump" value="at" disabled={busy}>
          {t('clock.jump.at')}
        </Button>
      </div>
      <p className="muted">{t('clock.hint')}</p>
    </Form>
  )
}
