import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import { FileField } from '../components/Field.tsx'
import { PageHeader } from '../components/PageHeader.tsx'
import { SubmitBar } from '../components/SubmitBar.tsx'
import { useEntered, type SentBack } from './entered.tsx'
import { TaskForm } from './TaskForm.tsx'

/** A page that begins something with a file: paper that arrived, a notice to be issued. */
export function UploadPage({
  title,
  intro,
  back,
  file,
  submit,
  consequence,
  children,
  ...form
}: {
  title: string
  intro: string
  back: { to: string; label: string }
  /** `required` unless it says otherwise. */
  file: { name: string; label: string; hint: string; accept: string; required?: boolean; multiple?: boolean }
  submit: string
  consequence: string
  formId: string
  formKey: string
  sentBack: SentBack
  children: ReactNode
}) {
  return (
    <>
      <PageHeader above={<Link to={back.to}>{back.label}</Link>} title={title} subtitle={intro} />
      <TaskForm {...form} className="panel entry-form" encType="multipart/form-data">
        <ChosenFile {...file} />
        {children}
        <SubmitBar primary={{ label: submit }} consequence={consequence} />
      </TaskForm>
    </>
  )
}

/** A place for a file, or for several. */
export function ChosenFile({
  required = true,
  ...file
}: {
  name: string
  label: string
  hint: string
  accept: string
  required?: boolean
  multiple?: boolean
}) {
  const { error } = useEntered()
  return <FileField {...file} error={error(file.name)} required={required} />
}
