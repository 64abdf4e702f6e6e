import { redirect } from '@remix-run/node'
import { recordAudit } from '#db/audit.ts'
import { Refusal } from '#db/refusal.ts'
import { guardedAction } from '../guard.server.ts'
import { choosePost } from '../session.server.ts'
import { ownPath } from '../viewer.server.ts'

/** Chooses the post to act in, of one's own. */
export const action = guardedAction('self:use', async ({ request, context, db, person, posts, sessionId }) => {
  const form = await request.formData()
  const post = posts.find((held) => held.id === form.get('postId'))
  if (!post)
    throw new Refusal('post-not-yours', 403, {
      vi: 'Đồng chí không giữ vị trí này nên vẫn làm việc ở vị trí cũ. Hãy chọn lại trong danh sách.',
      en: 'You do not hold this post and go on in the one before. Choose again from the list.',
    })
  await choosePost(context, sessionId, post.id)
  await recordAudit(db, { personId: person.id, postId: post.id, act: 'post.chosen', data: {} })
  return redirect(ownPath(form.get('next')))
})

export const loader = () => redirect('/')
