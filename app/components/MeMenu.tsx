import { Form, useLocation } from '@remix-run/react'
import { useTranslation } from 'react-i18next'
import { colorSchemes } from '../language.ts'
import { useFrame, usePick } from '../viewer.ts'
import { Icon } from './Icon.tsx'
import { useClosing } from './use-closing.ts'

/** The post acted in; a choice where the person holds several. */
export function PostSwitch() {
  const { t } = useTranslation('frame')
  const { post, posts } = useFrame()
  const pick = usePick()
  const details = useClosing()
  const { pathname, search } = useLocation()
  const label = (one: typeof post) => (
    <span className="post-label">
      <strong>{pick(one.title, one.titleEn)}</strong>
      <small>{pick(one.unitName, one.unitNameEn)}</small>
    </span>
  )
  if (posts.length < 2) return <div className="post-only">{label(post)}</div>
  return (
    <details className="menu" ref={details}>
      <summary aria-label={t('post.choose')}>
        {label(post)}
        <Icon name="down" />
      </summary>
      <Form method="post" action="/act-as" reloadDocument className="menu-body">
        <input type="hidden" name="next" value={pathname + search} />
        {posts.map((held) => (
          <button key={held.id} name="postId" value={held.id} aria-pressed={held.id === post.id}>
            {label(held)}
            {held.id === post.id && <Icon name="done" />}
          </button>
        ))}
      </Form>
    </details>
  )
}

/** Me: name, colours, and out. */
export function MeMenu() {
  const { t } = useTranslation('frame')
  const { person } = useFrame()
  const details = useClosing()
  const { pathname, search } = useLocation()
  return (
    <details className="menu me" ref={details}>
      <summary>
        <span className="me-mark" aria-hidden="true">
          {person.fullName.split(' ').at(-1)?.charAt(0)}
        </span>
        <span className="me-name">{person.fullName}</span>
      </summary>
      <div className="menu-body">
        <p className="menu-head">
          <strong>{person.fullName}</strong>
          <small className="muted">{person.email}</small>
        </p>
        <Form method="post" action="/preferences" reloadDocument className="scheme">
          <input type="hidden" name="next" value={pathname + search} />
          <span id="scheme-label">{t('scheme.label')}</span>
          <span className="switch" role="group" aria-labelledby="scheme-label">
            {colorSchemes.map((scheme) => (
              <button key={scheme} name="colorScheme" value={scheme} aria-pressed={scheme === person.colorScheme}>
                {t(`scheme.${scheme}`)}
              </button>
            ))}
          </span>
        </Form>
        <a href="#keys" className="menu-link needs-script">
          <kbd>?</kbd> {t('keys.title')}
        </a>
        <Form method="post" action="/sign-out" reloadDocument>
          <button className="menu-link">
            <Icon name="out" /> {t('signOut')}
          </button>
        </Form>
      </div>
    </details>
  )
}
