import { Button } from '@mantine/core'
import { redirect, type ActionFunctionArgs } from '@remix-run/node'
import { Form, useActionData, useLoaderData, useSearchParams } from '@remix-run/react'
import { asc, eq } from 'drizzle-orm'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Refusal } from '#db/refusal.ts'
import { persons, posts, units } from '#db/schema.ts'
import { RouteError } from '../components/ErrorView.tsx'
import { FormRefusal, TextField } from '../components/Field.tsx'
import { Icon } from '../components/Icon.tsx'
import { LanguageSwitch } from '../components/LanguageSwitch.tsx'
import { demonstrationPassword } from '../demonstration-password.ts'
import { openLoader, refused } from '../guard.server.ts'
import { languageCookie } from '../i18n.server.ts'
import { refusalIn } from '../refusal.ts'
import { signIn } from '../session.server.ts'
import type { RouteHandle } from '../translation-data.tsx'
import { ownPath, readSignedIn } from '../viewer.server.ts'
import { usePick } from '../viewer.ts'

export const handle: RouteHandle = { i18n: ['sign-in'], title: 'sign-in:title' }

/** Public: nobody is signed in yet. */
export const loader = openLoader(async ({ request, context }) => {
  if (await readSignedIn(request, context)) throw redirect(ownPath(new URL(request.url).searchParams.get('next')))
  if (context.environment.production) return { accounts: [] }
  const accounts = await context.db.orm
    .select({
      username: persons.username,
      fullName: persons.fullName,
      title: posts.title,
      titleEn: posts.titleEn,
      unit: units.name,
      unitEn: units.nameEn,
      role: posts.role,
    })
    .from(persons)
    .innerJoin(posts, eq(posts.personId, persons.id))
    .innerJoin(units, eq(units.id, posts.unitId))
    .where(eq(persons.demonstration, true))
    .orderBy(asc(posts.sort), asc(persons.sortName))
  return { accounts }
})

const longest = 200

/** Public: this is how one gets in. Attempts are limited, other sites' posts refused. */
export async function action({ request, context }: ActionFunctionArgs) {
  let form: FormData
  try {
    form = await request.formData()
    const username = form.get('username')
    const password = form.get('password')
    if (typeof username !== 'string' || typeof password !== 'string' || !username.trim() || !password) throw missing()
    if (username.length > longest || password.length > longest) throw missing()
    const { language } = await signIn(request, context, { username, password })
    context.setCookie(await languageCookie.serialize(language))
  } catch (error) {
    return refused(error, context)
  }
  throw redirect(ownPath(form.get('next')))
}

const missing = () =>
  new Refusal('sign-in-incomplete', 400, {
    vi: 'Hãy nhập tên đăng nhập và mật khẩu (mỗi mục không quá 200 ký tự).',
    en: 'Enter user name and password (200 characters each at most).',
  })

export default function SignIn() {
  const { accounts } = useLoaderData<typeof loader>()
  const refusal = refusalIn(useActionData())
  const { t } = useTranslation('sign-in')
  const pick = usePick()
  const [search] = useSearchParams()
  const form = useRef<HTMLFormElement>(null)

  const fill = (username: string) => {
    const fields = form.current?.elements
    const name = fields?.namedItem('username')
    const password = fields?.namedItem('password')
    if (!(name instanceof HTMLInputElement) || !(password instanceof HTMLInputElement)) return
    name.value = username
    password.value = demonstrationPassword
    form.current?.querySelector<HTMLButtonElement>('button[type=submit]')?.focus()
  }

  return (
    <main className="sign-in" data-with-accounts={accounts.length > 0 ? '' : undefined}>
      <section className="sign-in-card">
        <header className="sign-in-brand">
          <img src="/icon.svg" alt="" width={40} height={40} />
          <div>
            <strong>iMOIT</strong>
            <span className="muted">{t('ministry')}</span>
          </div>
        </header>
        <h1>{t('title')}</h1>
        <Form method="post" ref={form} className="stack" reloadDocument>
          <FormRefusal refusal={refusal && { sentence: refusal.sentence }} />
          <input type="hidden" name="next" value={search.get('next') ?? '/'} />
          <TextField
            name="username"
            label={t('username')}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
            maxLength={longest}
          />
          <TextField
            name="password"
            type="password"
            label={t('password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            maxLength={longest}
          />
          <Button type="submit" fullWidth>
            {t('submit')}
          </Button>
        </Form>
        <LanguageSwitch />
      </section>
      {accounts.length > 0 && (
        <section className="sign-in-accounts" aria-labelledby="demonstration-heading">
          <h2 id="demonstration-heading">{t('demonstration.heading')}</h2>
          <p className="muted">{t('demonstration.hint', { password: demonstrationPassword })}</p>
          <div className="accounts-scroll" tabIndex={0} role="region" aria-labelledby="demonstration-heading">
            <table className="list">
              <thead>
                <tr>
                  <th scope="col">{t('demonstration.post')}</th>
                  <th scope="col">{t('demonstration.person')}</th>
                  <th scope="col">{t('demonstration.username')}</th>
                  <th scope="col">
                    <span className="only-read">{t('demonstration.fill')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {accounts.map((account) => (
                  <tr key={account.username + account.title}>
                    <td>
                      {pick(account.title, account.titleEn)}
                      <small className="muted block">{pick(account.unit, account.unitEn)}</small>
                    </td>
                    <td>{account.fullName}</td>
                    <td>
                      <code>{account.username}</code>
                    </td>
                    <td className="needs-script">
                      <button
                        type="button"
                        className="text-button"
                        aria-label={t('demonstration.fillNamed', { username: account.username })}
                        onClick={() => fill(account.username)}
                      >
                        <Icon name="left" /> {t('demonstration.fill')}
                      </button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </main>
  )
}

export { RouteError as ErrorBoundary }
