import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Instant } from '../format.ts'
import { useFormats, useFrame, useNow } from '../viewer.ts'
import { Icon, type IconName } from './Icon.tsx'

/** Signs that carry meaning: a word, a sign and a colour each, never the colour alone. */
export type Tone = 'plain' | 'info' | 'good' | 'soon' | 'bad' | 'secret'

export function Mark({
  tone = 'plain',
  icon,
  children,
  title,
}: {
  tone?: Tone
  icon?: IconName
  children: ReactNode
  title?: string
}) {
  return (
    <span className="mark" data-tone={tone} title={title}>
      {icon && <Icon name={icon} size={14} />}
      {children}
    </span>
  )
}

/** Độ khẩn (NĐ 30/2020 Điều 8): 1 KHẨN, 2 THƯỢNG KHẨN, 3 HỎA TỐC, 4 HỎA TỐC HẸN GIỜ (of the exchange); nothing for 0. */
export function UrgencyMark({ level }: { level: number }) {
  const { t } = useTranslation('common')
  if (level < 1) return null
  return (
    <Mark tone={level === 1 ? 'soon' : 'bad'} icon="flag">
      <strong>{t(`urgency.${level}`)}</strong>
    </Mark>
  )
}

/** Độ mật: 1 MẬT, 2 TỐI MẬT, 3 TUYỆT MẬT; nothing for 0. */
export function SecrecyMark({ level }: { level: number }) {
  const { t } = useTranslation('common')
  if (level < 1) return null
  return (
    <Mark tone="secret" icon="lock">
      <strong>{t(`secrecy.${level}`)}</strong>
    </Mark>
  )
}

const aDay = 24 * 3_600_000

/** How long is left or how long overdue, with the instant itself on hover. `ended`: it no longer runs. */
export function DueMark({ dueAt, ended }: { dueAt: Instant | null; ended?: boolean }) {
  const { due, dateTime } = useFormats()
  const now = useNow()
  const { officeDays } = useFrame()
  const { t } = useTranslation('common')
  if (dueAt === null) return <span className="muted">{t('due.none')}</span>
  const left = new Date(dueAt).getTime() - now
  const iso = new Date(dueAt).toISOString()
  const exact = dateTime(dueAt)
  if (ended) return <time dateTime={iso}>{exact}</time>
  return (
    <time dateTime={iso} title={exact} className="due">
      {left < 0 ? (
        <Mark tone="bad" icon="warning">
          {due(dueAt, now, officeDays)}
        </Mark>
      ) : left < aDay ? (
        <Mark tone="soon" icon="clock">
          {due(dueAt, now, officeDays)}
        </Mark>
      ) : (
        due(dueAt, now, officeDays)
      )}
    </time>
  )
}

/** An instant as people say it (`hôm nay 15:30`), exact on hover. */
export function When({ at }: { at: Instant }) {
  const { relative, dateTime } = useFormats()
  const now = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={dateTime(at)}>
      {relative(at, now)}
    </time>
  )
}

const stateTones: Record<string, Tone> = {
  received: 'soon',
  refused: 'bad',
  registered: 'info',
  directed: 'info',
  processing: 'info',
  draft: 'plain',
  signed: 'good',
  issued: 'good',
  closed: 'good',
  filed: 'plain',
  withdrawn: 'plain',
  open: 'info',
  running: 'info',
  stuck: 'bad',
  failed: 'bad',
  completed: 'good',
  terminated: 'plain',
  cancelled: 'plain',
}

/** Where a document, a case or a task stands; the words are `common:state.<state>`. */
export function StateMark({ state }: { state: string }) {
  const { t } = useTranslation('common')
  const tone = stateTones[state] ?? 'plain'
  return (
    <Mark tone={tone} icon={tone === 'good' ? 'done' : tone === 'bad' ? 'warning' : undefined}>
      {t(`state.${state}`)}
    </Mark>
  )
}

/** Chủ trì, phối hợp, để biết. */
export function PartMark({ part }: { part: string | null }) {
  const { t } = useTranslation('common')
  if (!part) return null
  return <Mark tone={part === 'lead' ? 'info' : 'plain'}>{t(`part.${part}`)}</Mark>
}
