import type { TaskChoices } from './choices.server.ts'
import { ApproveForm } from './ApproveForm.tsx'
import { AssignForm } from './AssignForm.tsx'
import { CarryOutForm } from './CarryOutForm.tsx'
import { CoordinateForm } from './CoordinateForm.tsx'
import { ConcludeForm } from './ConcludeForm.tsx'
import { DirectForm } from './DirectForm.tsx'
import { DispatchForm } from './DispatchForm.tsx'
import { HandleForm } from './HandleForm.tsx'
import { CheckDraftForm } from './CheckDraftForm.tsx'
import { NoticeReceiveForm } from './NoticeReceiveForm.tsx'
import { NoticeRegisterForm } from './NoticeRegisterForm.tsx'
import { ReviseForm } from './ReviseForm.tsx'
import { UnitOpinionForm } from './UnitOpinionForm.tsx'
import { RegisterForm } from './RegisterForm.tsx'
import type { TaskFormProps } from './shown-task.ts'
import { SignOffForm } from './SignOffForm.tsx'
import { SlipForm } from './SlipForm.tsx'
import { SlipReviseForm } from './SlipReviseForm.tsx'
import { SubmitForm } from './SubmitForm.tsx'

type Props = Omit<TaskFormProps<never>, 'choices'> & { choices: TaskChoices }

/** The form that belongs to a task's form key. */
export function StepForm(props: Props) {
  const { choices } = props
  switch (choices.key) {
    case 'incoming.register':
      return <RegisterForm {...props} choices={choices} />
    case 'incoming.submit':
      return <SubmitForm {...props} choices={choices} />
    case 'incoming.direct':
      return <DirectForm {...props} choices={choices} />
    case 'incoming.assign':
      return <AssignForm {...props} choices={choices} />
    case 'incoming.coordinate':
      return <CoordinateForm {...props} choices={choices} />
    case 'notice.receive':
      return <NoticeReceiveForm {...props} choices={choices} />
    case 'incoming.giveOpinion':
      return <CoordinateForm {...props} choices={null} />
    case 'notice.carryOut':
      return <CarryOutForm />
    case 'incoming.handle':
      return <HandleForm {...props} choices={choices} />
    case 'incoming.approve':
      return <ApproveForm {...props} choices={choices} />
    case 'incoming.signOff':
      return <SignOffForm {...props} choices={choices} />
    case 'incoming.dispatch':
      return <DispatchForm {...props} choices={choices} />
    case 'opinion.answer':
      return <UnitOpinionForm {...props} choices={choices} />
    case 'opinion.write':
      return <UnitOpinionForm {...props} choices={null} />
    case 'outgoing.approve':
    case 'outgoing.checkFormat':
    case 'outgoing.checkLaw':
      return <CheckDraftForm {...props} choices={choices} />
    case 'outgoing.revise':
      return <ReviseForm {...props} choices={choices} />
    case 'opinion.close':
    case 'opinion.conclude':
      return <ConcludeForm {...props} choices={choices} />
    case 'slip.review':
    case 'slip.office':
    case 'slip.decide':
      return <SlipForm {...props} choices={choices} />
    case 'slip.revise':
      return <SlipReviseForm {...props} choices={choices} />
    case 'notice.register':
      return <NoticeRegisterForm {...props} choices={choices} />
  }
}
