import type { TFunction } from 'i18next'
import type { FieldError } from '#bpmn/form/check-value.ts'

/** What is wrong with a field, in the reader's language: the same beside the field and from the server. */
export function errorWords(t: TFunction<'ownForms'>, { is, limit }: FieldError): string {
  // What whoever drew the form says of its pattern stands by itself.
  if (is === 'pattern' && limit !== undefined) return t('error.pattern', { limit })
  return t(`error.${is}`, { limit })
}
