import { Button } from '@mantine/core'
import { Form, Link, useActionData, useNavigation } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { ConfirmButton } from '../components/ConfirmButton.tsx'
import { CheckField, FormRefusal, TextAreaField } from '../components/Field.tsx'
import { When } from '../components/marks.tsx'
import { refusalIn } from '../refusal.ts'
import { useFormats } from '../viewer.ts'
import type { DesignerPageProps } from './DesignerPage.tsx'

/** Publishing with its reason; asking for, giving and declining the second administrator's approval; discarding. */
export function PublishPanel({
  draft,
  newest,
  pending,
  isAsker,
  revision,
  saved,
  errors,
}: DesignerPageProps & { revision: number; saved: boolean; errors: number }) {
  const { t } = useTranslation('designer')
  const { number } = useFormats()
  const answer: unknown = useActionData()
  const refusal = refusalIn(answer)
  const busy = useNavigation().state !== 'idle'
  const rebased = newest !== null && newest.version !== draft.baseVersion
  const ready = saved && errors === 0 && !busy
  return (
    <div className="designer-scroll designer-publish">
      <FormRefusal refusal={refusal} />
      {pending && pending.revision === revision && (
        <section className="panel" aria-labelledby="asked">
          <h2 id="asked">{t('publish.asked')}</h2>
          <p>
            {t('publish.askedBy', { name: pending.askedBy })} <When at={pending.askedAt} />
          </p>
          <blockquote>{pending.reason}</blockquote>
          {isAsker && <p className="muted">{t('publish.anotherNeeded')}</p>}
          <Form method="post" className="stack">
            <input type="hidden" name="onto" value={newest?.version ?? ''} />
            {!isAsker && (
              <Button type="submit" name="intent" value="approve" disabled={!ready}>
                {t('publish.approve')}
              </Button>
            )}
            <ConfirmButton
              label={isAsker ? t('publish.takeBack') : t('publish.decline')}
              question={t('publish.declineQuestion')}
              confirm={isAsker ? t('publish.takeBack') : t('publish.decline')}
              name="intent"
              value="decline"
            >
              <TextAreaField name="reason" label={t('publish.declineReason')} rows={2} />
            </ConfirmButton>
          </Form>
        </section>
      )}
      {(!pending || pending.revision !== revision) && (
        <Form method="post" className="stack">
          <h2>{t('publish.title')}</h2>
          <p>{t('publish.effect', { version: number((newest?.version ?? 0) + 1) })}</p>
          {newest && (
            <p>
              <Link to={`/flows/${draft.flowId}/compare?from=${newest.version}&to=draft:${draft.id}`}>
                {t('publish.compare', { version: number(newest.version) })}
              </Link>
            </p>
          )}
          {errors > 0 && (
            <p role="alert" className="field-error">
              {t('findings.barred', { count: errors })}
            </p>
          )}
          <input type="hidden" name="revision" value={revision} />
          <input type="hidden" name="onto" value={newest?.version ?? ''} />
          {newest?.fourEyes && <p className="muted">{t('publish.fourEyes')}</p>}
          {rebased && newest && (
            <CheckField
              name="compared"
              label={t('publish.seen', { version: number(newest.version) })}
              error={refusal?.fields.compared}
            />
          )}
          <TextAreaField
            name="reason"
            label={t('publish.reason')}
            hint={t('publish.reasonHint')}
            error={refusal?.fields.reason}
            rows={3}
            required
          />
          <Button type="submit" name="intent" value="publish" disabled={!ready}>
            {t('publish.do')}
          </Button>
          {!saved && <p className="muted">{t('publish.unsaved')}</p>}
        </Form>
      )}
      <Form method="post" className="designer-discard">
        <ConfirmButton
          label={t('discard.label')}
          question={t('discard.question', { name: draft.name })}
          confirm={t('discard.confirm')}
          name="intent"
          value="discard"
          formNoValidate
        />
      </Form>
    </div>
  )
}
