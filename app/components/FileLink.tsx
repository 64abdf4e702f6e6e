import { useTranslation } from 'react-i18next'
import { useFormats } from '../viewer.ts'
import { Icon } from './Icon.tsx'

/** A file to take: its name, kind and size. */
export function FileLink({
  href,
  name,
  size,
  version,
}: {
  href: string
  name: string
  /** Bytes. */
  size?: number
  version?: number
}) {
  const formats = useFormats()
  const { t } = useTranslation('common')
  return (
    <a className="file-link" href={href} download={name}>
      <Icon name="file" />
      <span>{name}</span>
      <small className="muted">
        {version !== undefined && `${t('file.version', { version })} · `}
        {size !== undefined && formats.size(size)}
      </small>
    </a>
  )
}
