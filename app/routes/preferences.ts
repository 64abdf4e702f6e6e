import { redirect, type ActionFunctionArgs } from '@remix-run/node'
import { eq } from 'drizzle-orm'
import { persons } from '#db/schema.ts'
import { refused } from '../guard.server.ts'
import { languageCookie } from '../i18n.server.ts'
import { isColorScheme, isLanguage } from '../language.ts'
import { ownPath, readSignedIn } from '../viewer.server.ts'

/** Public: the sign-in page has the language switch too. Keeps what was chosen with the person, or in the cookie. */
export async function action({ request, context }: ActionFunctionArgs) {
  try {
    const form = await request.formData()
    const language = form.get('language')
    const colorScheme = form.get('colorScheme')
    const signedIn = await readSignedIn(request, context)
    const chosen = {
      ...(isLanguage(language) ? { language } : {}),
      ...(isColorScheme(colorScheme) ? { colorScheme } : {}),
    }
    if (signedIn && Object.keys(chosen).length > 0)
      await context.db.orm.update(persons).set(chosen).where(eq(persons.id, signedIn.person.id))
    if (chosen.language) context.setCookie(await languageCookie.serialize(chosen.language))
    return redirect(ownPath(form.get('next')))
  } catch (error) {
    return refused(error, context)
  }
}

export const loader = () => redirect('/')
