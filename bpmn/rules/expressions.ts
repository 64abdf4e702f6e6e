import type { AdvanceContext } from '../case.ts'
import { readTimer } from '../timers.ts'
import { ORDINARY_WEEK } from '../working-time.ts'
import { childOf, childrenOf, type XmlElement } from '../xml-tree.ts'
import type { BpmnFile, Rule } from './file.ts'

/** Elements that the schema lets hold natural language as well as a formal expression. */
const EITHER = ['conditionExpression', 'completionCondition', 'loopCondition', 'loopCardinality', 'activationCondition']
const TIMES = ['timeDate', 'timeDuration', 'timeCycle']
/** Elements that can only hold a formal expression. */
const ALWAYS_FORMAL = ['messagePath', 'dataPath', 'transformation', 'formalExpression']

/** The same, by the element around them; the condition of a complex behaviour can only be formal. */
const EITHER_IN: Record<string, string[]> = {
  conditionalEventDefinition: ['condition'],
  assignment: ['from', 'to'],
  resourceAssignmentExpression: ['expression'],
  resourceParameterBinding: ['expression'],
}

/** `xsi:type`; its attribute keeps its local name in the tree. */
const isFormal = (element: XmlElement) => /(^|:)tFormalExpression$/.test(element.attributes['type'] ?? '')
const isAlwaysFormal = ({ name, parent }: XmlElement) =>
  ALWAYS_FORMAL.includes(name) || (name === 'condition' && parent?.name === 'complexBehaviorDefinition')
const isEmpty = (element: XmlElement) => element.text.trim() === '' && element.children.length === 0
const conditionsOf = (file: BpmnFile) =>
  file
    .named('conditionalEventDefinition')
    .map((definition) => ({ definition, condition: childOf(definition, 'condition') }))

const owner = (element: XmlElement): XmlElement => {
  let at: XmlElement | undefined = element
  while (at && (at.attributes['id'] === undefined || at.name.endsWith('EventDefinition'))) at = at.parent
  return at ?? element
}

/** Only to see whether a text can be read. */
const READING: AdvanceContext = { now: 0, calendar: ORDINARY_WEEK }

const SHAPES: Record<string, RegExp> = { timeDate: /^\d/, timeDuration: /^P/, timeCycle: /^R/ }

/** Times that are texts, and no time of their kind. */
function unreadable(file: BpmnFile, name: string): XmlElement[] {
  return file.named(name).filter(({ text }) => {
    const said = text.trim()
    if (said === '' || said.startsWith('=')) return false
    return !SHAPES[name]?.test(said) || readTimer(READING, said, false) === null
  })
}

export const expressionRules: Rule[] = [
  {
    rule: 'EXT012',
    vi: 'Biểu thức ở "{id}" của quy trình chạy được phải là biểu thức hình thức, không phải lời văn.',
    en: 'In an executable process the expression of "{id}" must be formal, not natural language.',
    broken: (file) =>
      [
        ...file.named(...EITHER, ...TIMES),
        ...Object.entries(EITHER_IN).flatMap(([around, names]) =>
          file.named(around).flatMap((one) => names.flatMap((name) => childrenOf(one, name))),
        ),
      ]
        .filter((one) => !isFormal(one) && file.isExecutable(one))
        .map(owner),
  },
  {
    rule: 'EXT013',
    vi: 'Biểu thức hình thức ở "{id}" còn trống.',
    en: 'The formal expression of "{id}" is empty.',
    broken: (file) =>
      file.all
        .filter((one) => isEmpty(one) && (isFormal(one) || isAlwaysFormal(one)) && file.isExecutable(one))
        .map(owner),
  },
  {
    rule: 'EXT123',
    vi: 'Điều kiện của sự kiện "{id}" trong quy trình chạy được phải là biểu thức hình thức.',
    en: 'In an executable process the condition of the event "{id}" must be a formal expression.',
    broken: (file) =>
      conditionsOf(file).flatMap(({ definition, condition }) => {
        if (!file.isExecutable(definition)) return []
        return condition && isFormal(condition) && !isEmpty(condition) ? [] : owner(definition)
      }),
  },
  {
    rule: 'EXT131',
    vi: 'Sự kiện thời gian "{id}" chỉ được nêu một trong ba: ngày, khoảng thời gian, chu kỳ.',
    en: 'The timer "{id}" must say only one of date, duration and cycle.',
    broken: (file) =>
      file
        .named('timerEventDefinition')
        .filter((one) => TIMES.flatMap((name) => childrenOf(one, name)).length > 1)
        .map(owner),
  },
  {
    rule: 'EXT130',
    vi: 'Sự kiện thời gian "{id}" chưa nêu thời gian.',
    en: 'The timer "{id}" says no time.',
    broken: (file) =>
      file
        .named('timerEventDefinition')
        .filter((one) => file.isExecutable(one) && TIMES.every((name) => childOf(one, name) === undefined))
        .map(owner),
  },
  {
    rule: 'EXT132',
    vi: 'Không đọc được ngày của sự kiện "{id}".',
    en: 'The date of the timer "{id}" cannot be read.',
    broken: (file) => unreadable(file, 'timeDate').map(owner),
  },
  {
    rule: 'EXT133',
    vi: 'Không đọc được chu kỳ của sự kiện "{id}".',
    en: 'The cycle of the timer "{id}" cannot be read.',
    broken: (file) => unreadable(file, 'timeCycle').map(owner),
  },
  {
    rule: 'EXT134',
    vi: 'Không đọc được khoảng thời gian của sự kiện "{id}".',
    en: 'The duration of the timer "{id}" cannot be read.',
    broken: (file) => unreadable(file, 'timeDuration').map(owner),
  },
]
