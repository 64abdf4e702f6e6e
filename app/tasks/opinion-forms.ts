const opinionForms = new Set(['incoming.coordinate', 'incoming.giveOpinion', 'opinion.answer', 'opinion.write'])

/** Is a task of this form a unit's word on somebody else's document? */
export const isOpinionForm = (formKey: string | null): boolean => formKey !== null && opinionForms.has(formKey)
