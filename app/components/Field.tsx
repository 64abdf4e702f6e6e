import {
  Alert,
  Checkbox,
  Fieldset,
  NativeSelect,
  Radio,
  Textarea,
  TextInput,
  type NativeSelectProps,
  type TextareaProps,
  type TextInputProps,
} from '@mantine/core'
import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Sentence } from '#db/refusal.ts'
import { useSentence } from '../viewer.ts'

/** A sentence in both languages, or a text already in the reader's. */
export type FieldError = Sentence | string | undefined

interface FieldProps {
  name: string
  label: ReactNode
  /** What is wrong, said beside the field (`refusal?.fields.subject`). */
  error?: FieldError
  hint?: ReactNode
}

type Own = keyof FieldProps | 'description'

function useErrorText(error: FieldError): ReactNode {
  const say = useSentence()
  return error === undefined || typeof error === 'string' ? error : say(error)
}

/** A native input with its label, its hint and its error. Days and instants with type `date`, `datetime-local`. */
export function TextField({ error, hint, ...input }: Omit<TextInputProps, Own> & FieldProps) {
  return <TextInput {...input} description={hint} error={useErrorText(error)} />
}

/** Grows with `rows`; nothing is measured by script. */
export function TextAreaField({ error, hint, rows = 3, ...input }: Omit<TextareaProps, Own> & FieldProps) {
  return <Textarea {...input} rows={rows} description={hint} error={useErrorText(error)} />
}

export interface Choice {
  value: string
  label: string
}

/** The browser's own select. `empty` is the words of a first choice with no value. */
export function SelectField({
  error,
  hint,
  choices,
  empty,
  ...input
}: Omit<NativeSelectProps, Own | 'data'> & FieldProps & { choices: Choice[]; empty?: string }) {
  const data = empty === undefined ? choices : [{ value: '', label: empty }, ...choices]
  return <NativeSelect {...input} data={data} description={hint} error={useErrorText(error)} />
}

/** The browser's own file input. The form needs `encType="multipart/form-data"`. */
export function FileField(props: Omit<TextInputProps, Own | 'type'> & FieldProps) {
  return <TextField {...props} type="file" classNames={{ input: 'file-input' }} />
}

export function CheckField({
  error,
  hint,
  ...input
}: FieldProps & { value?: string; defaultChecked?: boolean; disabled?: boolean }) {
  return <Checkbox {...input} description={hint} error={useErrorText(error)} />
}

/** Several boxes, or one of several, under one name. */
export function ChoicesField({
  name,
  kind,
  label,
  error,
  hint,
  choices,
  chosen = [],
}: FieldProps & {
  kind: 'radio' | 'checkbox'
  choices: (Choice & { hint?: string; disabled?: boolean })[]
  chosen?: readonly string[]
}) {
  const id = useId()
  const text = useErrorText(error)
  const Box = kind === 'radio' ? Radio : Checkbox
  return (
    <Fieldset legend={label} variant="unstyled" aria-describedby={text ? `${id}-error` : undefined}>
      {hint && <p className="field-hint">{hint}</p>}
      <div className="choices">
        {choices.map((choice) => (
          <Box
            key={choice.value}
            name={name}
            value={choice.value}
            label={choice.label}
            description={choice.hint}
            disabled={choice.disabled}
            defaultChecked={chosen.includes(choice.value)}
          />
        ))}
      </div>
      {text && (
        <p className="field-error" id={`${id}-error`}>
          {text}
        </p>
      )}
    </Fieldset>
  )
}

/** The whole form's refusal, above it and read out: `<FormRefusal refusal={useRefusal()} />`. */
export function FormRefusal({ refusal }: { refusal: { sentence: Sentence; quote?: string } | undefined }) {
  const { t } = useTranslation('common')
  const say = useSentence()
  if (!refusal) return null
  return (
    <Alert color="red" role="alert" className="form-refusal">
      {say(refusal.sentence)}
      {refusal.quote && (
        <div className="muted">
          {t('error.quote')} <code>{refusal.quote}</code>
        </div>
      )}
    </Alert>
  )
}
