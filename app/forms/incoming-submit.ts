import { postsOfGroup } from '#db/posts.ts'
import { submitSchema } from './incoming-schemas.ts'
import { personNotThere } from './person-choice.ts'
import { taskForm, type FormStep } from './task-form.ts'

/** Trình lãnh đạo: the Chief of Office submits a registered document to a leader, with a proposal. */
export const incomingSubmit = taskForm({
  key: 'incoming.submit',
  action: 'document:submit',
  schema: submitSchema,
  async complete({ db }, value): Promise<FormStep> {
    const leaders = await postsOfGroup(db, 'role:leader')
    if (!leaders.some((leader) => leader.postId === value.leaderPost)) throw personNotThere('leaderPost')
    return {
      outcome: 'submitted',
      opinion: value.proposal,
      variables: { leaderPost: `post:${value.leaderPost}`, proposal: value.proposal },
    }
  },
})
