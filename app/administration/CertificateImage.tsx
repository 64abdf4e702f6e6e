import { Button } from '@mantine/core'
import { Form } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import type { CertificateLine } from '#db/certificates.ts'
import { usePick } from '../viewer.ts'

/** What is drawn where the holder signs: kept, looked at, changed and taken away. */
export function CertificateImage({ row }: { row: CertificateLine }) {
  const { t } = useTranslation('trust')
  const pick = usePick()
  const kind = row.personId ? 'person' : 'organisation'
  return (
    <Form method="post" encType="multipart/form-data" className="trust-act" preventScrollReset>
      <input type="hidden" name="id" value={row.id} />
      <details className="confirm">
        <summary>{t(`certificates.image.label.${kind}`)}</summary>
        <div className="confirm-body">
          {row.image ? (
            <img
              className="signature-image"
              src={`/administration/certificates/${row.id}/image?${row.image.slice(0, 8)}`}
              alt={t(`certificates.image.alt.${kind}`, { name: pick(row.holder, row.holderEn) })}
              loading="lazy"
            />
          ) : (
            <p>{t(`certificates.image.none.${kind}`)}</p>
          )}
          <label>
            {t('certificates.image.choose')} <input type="file" name="image" accept=".png,image/png" />
            <small className="muted">{t('certificates.image.hint')}</small>
          </label>
          <div className="row">
            <Button type="submit" name="do" value="image">
              {t('certificates.image.keep')}
            </Button>
            {row.image && (
              <Button type="submit" name="do" value="removeImage" variant="outline" color="red" formNoValidate>
                {t('certificates.image.remove')}
              </Button>
            )}
          </div>
        </div>
      </details>
    </Form>
  )
}
