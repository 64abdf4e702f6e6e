import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReplayStep } from '#db/case-replay.ts'
import { Icon } from '../components/Icon.tsx'
import { useFormats, useSentence } from '../viewer.ts'

/** Plays, pauses and steps through a case's way; the step that is shown stands beside in words. */
export function ReplayBar({
  steps,
  whole,
  shown,
  plays,
  onShow,
  onPlay,
}: {
  steps: readonly ReplayStep[]
  whole: boolean
  /** Steps shown, from 1. */
  shown: number
  plays: boolean
  onShow: (count: number) => void
  onPlay: (plays: boolean) => void
}) {
  const { t } = useTranslation('common')
  const { dateTime, number } = useFormats()
  const say = useSentence()
  const id = useId()
  const step = steps[shown - 1]
  if (!step) return <p className="replay-bar muted">{t('replay.none')}</p>
  const of = t('replay.step', { step: number(shown), all: number(steps.length) })
  const words = step.element ? t(`replay.${step.act}At`, { element: say(step.element) }) : t(`replay.${step.act}`)
  return (
    <div className="replay-bar not-printed" role="group" aria-label={t('replay.label')}>
      <button
        type="button"
        className="icon-button"
        aria-label={t('replay.back')}
        disabled={shown <= 1}
        onClick={() => onShow(shown - 1)}
      >
        <Icon name="left" />
      </button>
      <button type="button" className="text-button" onClick={() => onPlay(!plays)}>
        {t(plays ? 'replay.pause' : 'replay.play')}
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={t('replay.forward')}
        disabled={shown >= steps.length}
        onClick={() => onShow(shown + 1)}
      >
        <Icon name="right" />
      </button>
      <label htmlFor={id} className="replay-of">
        {of}
      </label>
      <input
        id={id}
        type="range"
        min={1}
        max={steps.length}
        value={shown}
        aria-valuetext={`${of}: ${words}`}
        onChange={(event) => onShow(Number(event.currentTarget.value))}
      />
      <p className="replay-words" aria-live={plays ? 'off' : 'polite'}>
        <span className="muted">{dateTime(step.at)}</span> {words}
      </p>
      {!whole && shown === steps.length && <p className="muted small-text">{t('replay.cut')}</p>}
    </div>
  )
}
